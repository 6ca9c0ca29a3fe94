/** What supervisors see and do: the live monitor, screens on walls, how many agents a day needs. */
import type { components } from './schema'
import type { Presence, Seat } from './seats'
import type { Conversation, ConversationState, Message, Page } from './types'
import { call, query } from './http'
import { zoneHere } from './zone'

type Schemas = components['schemas']

export type Monitor = Schemas['MonitorOut']
export type Figures = Schemas['FiguresOut']
export type Slice = Schemas['SliceOut']
export type Queued = Schemas['QueuedOut']
export type Expected = Schemas['ExpectedOut']
export type Alarm = Schemas['AlarmOut']
export type AgentsWork = Schemas['AgentsWorkOut']
export type AgentsDay = Schemas['AgentsDayOut']
export type Wallboard = Schemas['WallboardOut']
export type WallboardFields = Schemas['WallboardIn']
export type Wall = Schemas['WallOut']
export type Tile = Schemas['WallTile']
export type TileKind = Schemas['TileKind']
export type Act = Schemas['ActOut']
export type Staffing = Schemas['StaffingOut']
export type HalfHour = Schemas['HalfHourOut']

/** Which conversations a figure counts. */
export interface Listed { rated?: true, state?: ConversationState, view?: Schemas['View'], level?: number | null, group?: number | null, assignee?: number, since?: string }
export interface StaffingWish { day: string, within_seconds: number, goal: number, shrinkage: number, slots: number | null, handle_seconds: number | null, group_id: number | null }

const one = (id: number) => `/api/conversations/${id}`

export const getMonitor = () => call<Monitor>('GET', `/api/monitor${query({ timezone: zoneHere() })}`)
export const listCounted = ({ rated, ...listed }: Listed, cursor: string | null) => call<Page<Conversation>>('GET', `/api/${rated ? 'ratings' : 'conversations'}${query({ ...listed, cursor })}`)

/** What supervisors did, newest first; `agent`, `conversation`: only what touched these. */
export const listActs = (only: { agent: number | null, conversation: number | null }, cursor: number | null) => call<Page<Act, number>>('GET', `/api/routing/log${query({ ...only, cursor })}`)

/** Each is for a reason, which is kept and told. */
export const assign = (id: number, agentId: number, reason: string) => call<Conversation>('POST', `${one(id)}/assign`, { agent_id: agentId, reason })
export const takeOver = (id: number, reason: string) => call<Conversation>('POST', `${one(id)}/take-over`, { reason })
export const moveUp = (id: number, reason: string) => call<void>('POST', `${one(id)}/move-up`, { reason })
export const forceClose = (id: number, reason: string) => call<Conversation>('POST', `${one(id)}/force-close`, { reason })
export const toGroup = (id: number, groupId: number, message: string) => call<Conversation>('POST', `${one(id)}/transfer`, { group_id: groupId, message })
/** Write in it, though it stays somebody else's. */
export const join = (id: number, reason: string) => call<Conversation>('POST', `${one(id)}/join`, { reason })
export const leave = (id: number) => call<Conversation>('POST', `${one(id)}/leave`)
export const whisper = (id: number, text: string) => call<Message>('POST', `${one(id)}/whisper`, { text })
export const setPresenceOf = (agentId: number, presence: Presence, reason: string) => call<Seat>('PUT', `/api/seats/${agentId}/presence`, { presence, reason })
/** `limit` null: as usual again. */
export const setLimitOf = (agentId: number, limit: number | null, reason: string) => call<Seat>('PUT', `/api/seats/${agentId}/limit`, { limit, reason })

export const listWallboards = () => call<{ items: Wallboard[] }>('GET', '/api/wallboards')
/** `token` is told this once. */
export const addWallboard = (wish: WallboardFields) => call<Wallboard & { token: string }>('POST', '/api/wallboards', wish)
export const changeWallboard = (id: number, wish: WallboardFields) => call<Wallboard>('PUT', `/api/wallboards/${id}`, wish)
export const removeWallboard = (id: number) => call<void>('DELETE', `/api/wallboards/${id}`)

export const getStaffing = (wish: StaffingWish) => call<Staffing>('GET', `/api/staffing${query({ ...wish, timezone: zoneHere() })}`)
