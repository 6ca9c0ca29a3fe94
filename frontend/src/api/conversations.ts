import type { Reply } from './content'
import type { components } from './schema'
import type { Conversation, ConversationState, Message, Page } from './types'
import { call, query } from './http'

/** What the desk picks out: the window closes soon and an answer is owed; one send is left; an answer is owed; nobody has it. */
export type View = 'closing' | 'last_send' | 'urgent' | 'unowned'
/** By the window that WeChat gives. */
export type WindowView = 'closing' | 'last_send'

export interface Wanted { view?: View, state?: ConversationState, assignee?: 'me' | number, group?: readonly number[], level?: readonly number[], tag?: readonly number[], account?: number, owed?: boolean, high?: boolean, q?: string, cursor?: string | null, limit?: number }

/** As WeChat had posted it. */
export type Push = components['schemas']['PushOut']
/** How it ends: with a summary or without. */
export type Ending = Partial<components['schemas']['EndIn']>

const one = (id: number) => `/api/conversations/${id}`

export const listConversations = (wanted: Wanted) => call<Page<Conversation>>('GET', `/api/conversations${query({ ...wanted, owed: wanted.owed?.toString(), high: wanted.high?.toString() })}`)
/** How many wait, whatever is listed. */
export const countWaiting = async (): Promise<number> => (await call<{ waiting: number }>('GET', '/api/queue')).waiting
export const getConversation = (id: number) => call<Conversation>('GET', one(id))
export const takeConversation = (id: number) => call<Conversation>('POST', `${one(id)}/take`, {})
export const closeConversation = (id: number, ending: Ending) => call<Conversation>('POST', `${one(id)}/close`, ending)
/** All that a customer ever asked, newest first. */
export const listConversationsOf = (contactId: number, cursor: number | null) => call<Page<Conversation, number>>('GET', `/api/contacts/${contactId}/conversations${query({ cursor })}`)
/** Ask the customer how it was; `useLast`: for the last message as well. */
export const inviteRating = (id: number, useLast: boolean) => call<Conversation>('POST', `${one(id)}/rating-invitation`, { use_last: useLast })
export const markRead = (id: number, upTo: number) => call<void>('POST', `${one(id)}/read`, { up_to: upTo })
/** The customer sees that somebody writes; nobody waits for it. */
export const showTyping = (id: number) => call<void>('POST', `${one(id)}/typing`, {})

/** Oldest first. `newer` is where the page of newer ones begins; null: there are none. */
export type MessagePage = Page<Message, number> & { newer: number | null }
/** The newest page; or the one before a message, after it, or around it. */
export const listMessages = (id: number, where: { before?: number | null, after?: number, around?: number } = {}) =>
  call<MessagePage>('GET', `${one(id)}/messages${query({ ...where })}`)
/** What was said from a moment on, in whichever of the customer's conversations. */
export const findPlace = (id: number, moment: string) => call<{ conversation_id: number, message_id: number }>('GET', `${one(id)}/at${query({ moment })}`)
/** Safe to send again under the same `client_id`. */
export const sendReply = (id: number, reply: Reply) => call<Message>('POST', `${one(id)}/replies`, reply)
/** For colleagues only; safe to send again under the same `client_id`. */
export const leaveNote = (id: number, note: { text: string, mentions: readonly number[], groups: readonly number[], client_id: string }) => call<Message>('POST', `${one(id)}/notes`, note)
/** Of colleagues, for a conversation that may be anybody's; safe to send again under the same `client_id`. */
export const askForHelp = (id: number, wish: { text: string, client_id: string }) => call<Message>('POST', `${one(id)}/help`, wish)
/** What WeChat had posted when a message came, for those who run the desk. It is written down who was shown it. */
export const showPush = (id: number) => call<Push>('POST', `/api/messages/${id}/push`, {})
/** Queue a failed or uncertain message again. */
export const resendMessage = (id: number) => call<Message>('POST', `/api/messages/${id}/resend`, {})
/** Take back what is still held. */
export const withdrawMessage = (id: number) => call<Message>('POST', `/api/messages/${id}/withdraw`, {})

/** What is kept until the customer acts again, in the order in which it is to leave. */
export const listParked = (id: number) => call<{ items: Message[] }>('GET', `${one(id)}/parked`)
export const changeParked = (id: number, change: { text?: string, before?: number }) => call<Message>('PATCH', `/api/messages/${id}/parked`, change)
export const releaseParked = (id: number, anyway: boolean) => call<Message>('POST', `/api/messages/${id}/release`, { anyway })
export const discardParked = (id: number) => call<void>('DELETE', `/api/messages/${id}/parked`)
