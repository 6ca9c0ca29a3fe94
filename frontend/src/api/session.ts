import type { Agent, Page, Sending, Session } from './types'
import { call, send } from './http'

export const signIn = (username: string, password: string) => call<Session>('POST', '/api/session', { username, password })
export const getSession = () => call<Session>('GET', '/api/session')
export const changeSending = (sending: Sending) => call<Session>('PATCH', '/api/session', sending)
export const setHotkeys = (hotkeys: Readonly<Record<string, string>>) => call<Session>('PUT', '/api/session/hotkeys', { hotkeys })
export const setAlias = (alias: string) => call<Session>('PUT', '/api/session/alias', { alias })
/** `picture` as the agent names it: another one is at another address. */
export const pictureAt = (agentId: number, picture: string) => `/api/agents/${agentId}/picture/${picture}`
export const setPicture = (picture: Blob) => send<Session>('/api/session/picture', picture)
export const removePicture = () => call<Session>('DELETE', '/api/session/picture')
export const signOut = () => call<void>('DELETE', '/api/session')
export const listAgents = () => call<Page<Agent>>('GET', '/api/agents')
