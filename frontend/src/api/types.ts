/** The things of the desk as browsers see them, in answers and in the stream alike; schema.ts is made from its OpenAPI document. */
import type { components } from './schema'

type Schemas = components['schemas']

export type Agent = Schemas['AgentOut']
export type Role = Schemas['Role']
export type Session = Schemas['SessionOut']
/** How what one sends from a browser leaves. */
export type Sending = Schemas['Preferences']
export type Contact = Schemas['ContactOut']
export type Conversation = Schemas['ConversationOut']
export type ConversationState = Schemas['ConversationState']
export type Message = Schemas['MessageOut']
/** What WeChat lets the desk send to a customer. */
export type Allowance = Schemas['AllowanceOut']
export type Grant = Schemas['GrantOut']
/** Of own messages: parked, on its way, with WeChat, refused, taken back, or nobody knows. */
export type MessageState = Schemas['MessageState']

export interface Page<Item, Key = string> { items: Item[], next: Key | null }
