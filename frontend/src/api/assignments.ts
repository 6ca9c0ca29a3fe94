import type { components } from './schema'
import type { Conversation } from './types'
import { call } from './http'

type Schemas = components['schemas']

/** To a colleague, who is asked, or to a group. */
export type Target = { agent_id: number } | { group_id: number }
/** Why nobody has it yet, and who was given it, by what rule. */
export type Why = Schemas['WhyOut']
export type Assignment = Schemas['AssignmentOut']
/** A promise, and what became of it. */
export type PromiseClock = Schemas['ClockOut']

const one = (id: number) => `/api/conversations/${id}`

export const takeNext = () => call<Conversation>('POST', '/api/take-next', {})
export const acceptOffer = (id: number) => call<Conversation>('POST', `${one(id)}/accept`, {})
export const declineOffer = (id: number, reason: string) => call<void>('POST', `${one(id)}/decline`, { reason })
export const transfer = (id: number, target: Target, message: string) => call<Conversation>('POST', `${one(id)}/transfer`, { ...target, message })
export const getWhy = (id: number) => call<Why>('GET', `${one(id)}/why`)
export const listClocks = (id: number) => call<{ items: PromiseClock[] }>('GET', `${one(id)}/clocks`)
