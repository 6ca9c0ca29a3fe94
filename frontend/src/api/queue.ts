/** How many wait, and how long. */
import type { components } from './schema'
import { call } from './http'

export type GroupQueue = components['schemas']['GroupQueue']

export const listGroupQueues = async (): Promise<GroupQueue[]> => (await call<{ items: GroupQueue[] }>('GET', '/api/queue/groups')).items
