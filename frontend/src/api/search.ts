/** Searching: over everything, and inside a conversation. */
import type { components } from './schema'
import type { Contact } from './types'
import { call, query } from './http'
import { zoneHere } from './zone'

type Schemas = components['schemas']

export type Group = 'people' | 'messages' | 'notes'
export type Part = Schemas['PartOut']
export type Hit = Omit<Schemas['HitOut'], 'contact'> & { contact: Contact }
export interface PersonHit { contact: Contact, conversation_id: number | null }

/** `count`: on the first page, `more` than so many. `kinds`: of what kind they are. */
export interface Found<Item> { items: Item[], count: number | null, more: boolean, kinds?: Record<string, number>, next: number | null }

/** Null: it was not asked for. `unindexed`: so many older rows cannot be found yet; null: none can. */
export interface Answer { people: Found<PersonHit> | null, messages: Found<Hit> | null, notes: Found<Hit> | null, unindexed: number | null }

/** Days begin where whoever asks is. @throws {Problem} search_unclear, search_busy, out_of_time. */
export const search = (q: string, of: Group, more: { cursor?: number | null, limit?: number } = {}) => call<Answer>('GET', `/api/search${query({ q, of, ...more, timezone: zoneHere() })}`)
/** @throws {Problem} the same. */
export const searchWithin = (conversationId: number, q: string, cursor?: number | null) => call<Found<Hit>>('GET', `/api/conversations/${conversationId}/search${query({ q, cursor, timezone: zoneHere() })}`)
