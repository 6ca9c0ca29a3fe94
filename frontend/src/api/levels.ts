/** The level of one customer: what counts, what was given, and how it came to be. */
import type { components } from './schema'
import type { Contact } from './types'
import { call, query } from './http'

type Schemas = components['schemas']

export type LevelHistory = Schemas['LevelHistory']

/** `level_id` null: what was set by hand is taken back. */
export const setLevel = (contactId: number, wish: Schemas['LevelChoice']) => call<Contact>('PUT', `/api/contacts/${contactId}/level`, wish)
export const getLevelHistory = (contactId: number, cursor: number | null) => call<LevelHistory>('GET', `/api/contacts/${contactId}/levels${query({ cursor })}`)
