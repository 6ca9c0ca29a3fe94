import type { components } from './schema'
import { call } from './http'

type Schemas = components['schemas']

/** An agent's place at the desk: whether they are there, what they take and what they have. */
export type Seat = Schemas['SeatOut']
export type Presence = Schemas['Presence']
export type AgentGroup = Schemas['GroupOut']
export type Level = Schemas['LevelOut']
/** Which of those who wait agents may take by themselves. */
export type Pull = 'any' | 'top' | 'none'
export interface PresenceWish { presence: Presence, reason?: string, minutes?: number }
/** One's own, with what the plan lets one do. */
export type OwnSeat = Seat & { pull?: Pull, blind?: boolean, offer_seconds?: number }
/** One of one's own conversations, to a colleague or to a group. */
export type Handing = { conversation_id: number } & ({ agent_id: number } | { group_id: number })
export interface HandedOver { done: boolean, refused: { conversation_id: number, code: string }[], seat: OwnSeat }

export const listSeats = () => call<{ items: Seat[] }>('GET', '/api/seats')
export const getPresence = () => call<OwnSeat>('GET', '/api/presence')
export const finishWrapUp = () => call<OwnSeat>('DELETE', '/api/presence/wrap-up')
export const setPresence = (wish: PresenceWish) => call<OwnSeat>('PUT', '/api/presence', wish)
/** In one act: all of it, and one is offline; or, unless `anyway`, nothing. */
export const handOver = (items: Handing[], message: string, anyway: boolean) => call<HandedOver>('POST', '/api/presence/handover', { items, message, anyway, presence: 'offline' })
export const listGroups = () => call<{ items: AgentGroup[] }>('GET', '/api/groups')
export const listLevels = () => call<{ items: Level[] }>('GET', '/api/levels')
