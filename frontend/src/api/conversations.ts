import type { Reply } from './content'
import type { Conversation, ConversationState, Message, Page } from './types'
import { call, query } from './http'

export interface Wanted { state?: ConversationState, assignee?: 'me' | number, q?: string, cursor?: string | null, limit?: number }

const one = (id: number) => `/api/conversations/${id}`

export const listConversations = (wanted: Wanted) => call<Page<Conversation>>('GET', `/api/conversations${query({ ...wanted })}`)
export const getConversation = (id: number) => call<Conversation>('GET', one(id))
export const takeConversation = (id: number) => call<Conversation>('POST', `${one(id)}/take`, {})
export const closeConversation = (id: number) => call<Conversation>('POST', `${one(id)}/close`, {})
export const markRead = (id: number, upTo: number) => call<void>('POST', `${one(id)}/read`, { up_to: upTo })

/** A page, oldest first; `before` is the `next` of the page after it. */
export const listMessages = (id: number, before?: number | null) =>
  call<Page<Message, number>>('GET', `${one(id)}/messages${query({ before })}`)
/** Safe to send again under the same `client_id`. */
export const sendReply = (id: number, reply: Reply) => call<Message>('POST', `${one(id)}/replies`, reply)
/** Queue a failed or uncertain message again. */
export const resendMessage = (id: number) => call<Message>('POST', `/api/messages/${id}/resend`, {})
