/** Summaries of conversations (小结), and the tree of what they may be about. */
import type { components } from './schema'
import type { Conversation } from './types'
import { call } from './http'

type Schemas = components['schemas']

export type Category = Schemas['CategoryOut']
/** Retired ones as well, and how often each was used. */
export type KeptCategory = Schemas['KeptCategory']
export type Summary = Schemas['SummaryOut']
export type SummaryWish = Schemas['SummaryIn']
export type Result = Schemas['Result']

const CATEGORIES = '/api/summary-categories'
const one = (id: number) => `${CATEGORIES}/${id}`

/** What can be chosen; `recent`: what this agent chose last. */
export const listCategories = () => call<{ items: Category[], recent: number[] }>('GET', CATEGORIES)
export const listKeptCategories = async (): Promise<KeptCategory[]> => (await call<{ items: KeptCategory[] }>('GET', `${CATEGORIES}/kept`)).items
/** Below another, or at the top. */
export const addCategory = (name: string, parentId: number | null) => call<Category>('POST', CATEGORIES, { name, parent_id: parentId })
export const renameCategory = (id: number, name: string) => call<Category>('PATCH', one(id), { name })
/** All that can be chosen below one, or at the top. */
export const orderCategories = (parentId: number | null, ids: number[]) => call<{ items: KeptCategory[] }>('PUT', `${CATEGORIES}/order`, { parent_id: parentId, ids })
/** What was never used is gone then. */
export const retireCategory = (id: number) => call<void>('DELETE', one(id))
export const bringBackCategory = (id: number) => call<Category>('POST', `${one(id)}/bring-back`, {})

/** What this agent has ended and not summed up. */
export const listPending = async (): Promise<Conversation[]> => (await call<{ items: Conversation[] }>('GET', '/api/summaries/pending')).items
export const sumUp = (conversationId: number, wish: SummaryWish) => call<Conversation>('PUT', `/api/conversations/${conversationId}/summary`, wish)
