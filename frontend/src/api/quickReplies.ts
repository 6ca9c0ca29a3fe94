/** Quick replies: texts that agents use again and again. */
import type { components } from './schema'
import { call } from './http'

type Schemas = components['schemas']

export type QuickReply = Schemas['QuickReplyOut']
export type QuickReplyFields = Schemas['QuickReplyIn']
/** By place, 1 to 9. */
export type Favourites = Record<number, number>

export const listQuickReplies = () => call<{ items: QuickReply[], favourites: Favourites }>('GET', '/api/quick-replies')
export const addQuickReply = (wish: QuickReplyFields) => call<QuickReply>('POST', '/api/quick-replies', wish)
export const changeQuickReply = (id: number, wish: Pick<QuickReplyFields, 'folder' | 'title' | 'text'>) => call<QuickReply>('PATCH', `/api/quick-replies/${id}`, wish)
export const removeQuickReply = (id: number) => call<void>('DELETE', `/api/quick-replies/${id}`)
export const setFavourites = (favourites: Favourites) => call<{ favourites: Favourites }>('PUT', '/api/quick-replies/favourites', { favourites })
export const countUse = (id: number) => call<void>('POST', `/api/quick-replies/${id}/used`, {})
