import type { components } from './schema'
import type { Contact } from './types'
import { call } from './http'

export interface Tag { id: number, name: string, count: number }

/** What may be sent to somebody, and how it came to that; newest first. */
export type Ledger = components['schemas']['LedgerOut']
export type LedgerEntry = components['schemas']['EntryOut']

const one = (id: number) => `/api/contacts/${id}`

export const changeContact = (id: number, change: { remark: string }) => call<Contact>('PATCH', one(id), change)
export const setTags = (id: number, tagIds: readonly number[]) => call<Contact>('PUT', `${one(id)}/tags`, { tag_ids: tagIds })
/** Ask WeChat again what it knows. */
export const refreshContact = (id: number) => call<Contact>('POST', `${one(id)}/refresh`, {})
export const setBlacklisted = (id: number, wish: { on: boolean, at_wechat: boolean, reason: string }) =>
  call<Contact>('PUT', `${one(id)}/blacklist`, wish)
export const listTags = (accountId: number) => call<{ items: Tag[] }>('GET', `/api/accounts/${accountId}/tags`)
export const getLedger = (id: number) => call<Ledger>('GET', `${one(id)}/allowance`)
