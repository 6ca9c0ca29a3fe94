/** What concerns whoever is signed in: their day, and where they are signed in. */
import type { components } from './schema'
import { call, query } from './http'
import { zoneHere } from './zone'

export type OwnDay = components['schemas']['AgentsDayOut']
export type SignedIn = components['schemas']['SignedIn']

export const getOwnDay = () => call<OwnDay>('GET', `/api/monitor/own${query({ timezone: zoneHere() })}`)
export const listSignIns = async (): Promise<SignedIn[]> => (await call<{ items: SignedIn[] }>('GET', '/api/session/all')).items
export const endSignIn = (id: string) => call<void>('DELETE', `/api/session/all/${id}`)
export const signOutElsewhere = () => call<void>('DELETE', '/api/session/others')
/** Ends all other sign-ins. */
export const changePassword = (known: string, wanted: string) => call<void>('PUT', '/api/session/password', { known, wanted })
