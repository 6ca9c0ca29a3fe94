/** Putting a conversation off until later. */
import type { components } from './schema'
import type { Conversation } from './types'
import { call, query } from './http'

export type SnoozeProposal = components['schemas']['SnoozeOut']
export type Preset = SnoozeProposal['presets'][number]['preset']

const path = (id: number) => `/api/conversations/${id}/snooze`

export const proposeSnooze = (id: number, tz: string) => call<SnoozeProposal>('GET', `${path(id)}${query({ tz })}`)
/** @throws {Problem} snooze_invalid: it has passed, or is too far away. */
export const snooze = (id: number, until: string) => call<Conversation>('PUT', path(id), { until })
export const endSnooze = (id: number) => call<Conversation>('DELETE', path(id))
