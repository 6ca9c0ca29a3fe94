/** What the team keeps for the queue: levels, groups, seats, calendars, and the plan that routing follows. */
import type { components } from './schema'
import type { AgentGroup, Level, Seat } from './seats'
import { call } from './http'
import { zoneHere } from './zone'

export { listGroups, listLevels, listSeats } from './seats'
export type { AgentGroup as Group, Level, Seat } from './seats'

type Schemas = components['schemas']
type Group = AgentGroup

export type LevelFields = Schemas['LevelIn']
export type Colour = Schemas['Colour']
export type GroupFields = Schemas['GroupIn']
export type Calendar = Schemas['CalendarOut']
export type CalendarFields = Schemas['CalendarIn']
export type Override = NonNullable<CalendarFields['overrides']>[string]
export type Holidays = Schemas['Holidays']
export type Holiday = Schemas['HolidayOut']
export type Due = Schemas['DueOut']
export type Routing = Schemas['RoutingOut']
export type Plan = Schemas['PlanOut']
export type PlanDoc = Schemas['PlanDoc']
export type Route = Schemas['RouteDoc']
export type Replay = Schemas['ReplayOut']
export type LevelReplayed = Schemas['LevelReplayed']
export type ReplayedAnswers = Schemas['AnswersOut']
export type SampleCustomer = Schemas['Customer']

/** An agent as the choice saw them: with the load that the conversation would make. */
export interface Room { agent: number, load: number, capacity: number, is_helper: boolean }
/** What was decided (desk/routing/decision.py). */
export interface Decision {
  rule: string
  room: Room | null
  next_room: Room | null
  held_until: string | null
  passed_over: { id: number, reason: string, of: string | number | null }[]
  passed_over_count: number
}
export type RoutingTried = Omit<Schemas['wxdesk__web__api__routing__TriedOut'], 'decision'> & { decision: Decision }

export const addLevel = (wish: LevelFields) => call<Level>('POST', '/api/levels', wish)
/** `version`: of the copy that was looked at. */
export const changeLevel = (id: number, wish: LevelFields & { version: number }) => call<Level>('PATCH', `/api/levels/${id}`, wish)
export const retireLevel = (id: number) => call<void>('DELETE', `/api/levels/${id}`)
export const orderLevels = (ids: number[]) => call<{ items: Level[] }>('PUT', '/api/levels/order', { ids })

export const addGroup = (wish: GroupFields) => call<Group>('POST', '/api/groups', wish)
export const changeGroup = (id: number, wish: Omit<GroupFields, 'agent_ids'> & { version: number }) => call<Group>('PATCH', `/api/groups/${id}`, wish)
export const setMembers = (id: number, agentIds: number[]) => call<Group>('PUT', `/api/groups/${id}/members`, { agent_ids: agentIds })
export const removeGroup = (id: number) => call<void>('DELETE', `/api/groups/${id}`)
export const orderGroups = (ids: number[]) => call<{ items: Group[] }>('PUT', '/api/groups/order', { ids })

/** `level_ids` null: they serve all levels. */
export const setUpSeat = (agentId: number, wish: { capacity: number, skills: Record<string, number>, level_ids: number[] | null }) =>
  call<Seat>('PATCH', `/api/seats/${agentId}`, wish)

export const listCalendars = () => call<{ items: Calendar[] }>('GET', '/api/calendars')
export const addCalendar = (wish: CalendarFields) => call<Calendar>('POST', '/api/calendars', wish)
export const changeCalendar = (id: number, wish: CalendarFields & { version: number }) => call<Calendar>('PUT', `/api/calendars/${id}`, wish)
export const removeCalendar = (id: number) => call<void>('DELETE', `/api/calendars/${id}`)
/** China's public holidays and adjusted working days of a year: proposals. */
export const getHolidays = (year: number) => call<Holidays>('GET', `/api/calendars/holidays/${year}`)
/** When a target would be due; `due` null: never. */
export const previewDue = (calendar: Omit<CalendarFields, 'name'>, from: string, seconds: number) =>
  call<Due>('POST', '/api/calendars/due', { calendar, from, seconds })

export const getRouting = () => call<Routing>('GET', '/api/routing')
/** `version`: of the draft it was made from; null: there was none. */
export const keepDraft = (doc: PlanDoc, note: string, version: number | null) => call<Plan>('PUT', '/api/routing/draft', { doc, note, version })
export const dropDraft = () => call<void>('DELETE', '/api/routing/draft')
export const publishPlan = () => call<Plan>('POST', '/api/routing/publish', {})
export const publishAgain = (planId: number) => call<Plan>('POST', `/api/routing/versions/${planId}/publish`, {})
/** Nothing happens. `doc` null: by the plan in force. */
export const tryRouting = (customer: SampleCustomer, doc: PlanDoc | null) => call<RoutingTried>('POST', '/api/routing/try', { customer, doc })

/** A past day once more, by the plan in force and by another; `doc` null: the draft that is kept. */
export const askReplay = (day: string, doc: PlanDoc | null) => call<{ id: number }>('POST', '/api/routing/replay', { day, doc, timezone: zoneHere() })
export const getReplay = (id: number) => call<Replay>('GET', `/api/routing/replay/${id}`)
/** The one that was asked for last; it may still be under way. */
export const newestReplay = async (): Promise<Replay | null> => (await call<{ items: Replay[] }>('GET', '/api/routing/replay?limit=1')).items[0] ?? null
