/** Who looks at which conversation, and who writes there. */
import type { components } from './schema'
import { call } from './http'

export type Viewing = components['schemas']['ViewingOut']

const path = (id: number) => `/api/conversations/${id}/viewing`

export const listViewing = async (): Promise<Viewing[]> => (await call<{ items: Viewing[] }>('GET', '/api/viewing')).items
export const look = (id: number) => call<void>('PUT', path(id), {})
export const lookAway = (id: number) => call<void>('DELETE', path(id))
