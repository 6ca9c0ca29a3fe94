/** Contacts that are one person's. */
import type { components } from './schema'
import { call } from './http'

type Schemas = components['schemas']

export type Person = Schemas['PersonOut']
export type PersonContact = Schemas['PersonContact']
export type JoinWish = Schemas['JoinWish']

export const getPerson = (contactId: number) => call<Person>('GET', `/api/contacts/${contactId}/person`)
export const joinContacts = (wish: JoinWish) => call<Person>('POST', '/api/persons', wish)
/** Undo the last joining. */
export const partContacts = (contactId: number) => call<Person>('POST', `/api/contacts/${contactId}/part`, {})
