/** Agents at work within WeChat: who has bound theirs, and the code that does it. */
import type { components } from './schema'
import type { Page } from './types'
import { call } from './http'

type Schemas = components['schemas']

export type Binding = Schemas['BindingOut']
export type BindingCode = Schemas['BindingCodeOut']
export type OwnBinding = Schemas['OwnBinding']
export type BindingNote = Schemas['BindingNoteOut']
export type AgentNotice = Required<Schemas['AgentNotice']>

export const getOwnBinding = () => call<OwnBinding>('GET', '/api/binding')
export const askBindingCode = (accountId: number) => call<BindingCode>('POST', '/api/binding/codes', { account_id: accountId })
export const revokeOwnBinding = () => call<OwnBinding>('DELETE', '/api/binding')
export const bindingPictureOf = (code: number) => `/api/binding/codes/${code}/picture`

export const listBindings = () => call<{ items: Binding[] }>('GET', '/api/bindings')
export const revokeBinding = (id: number) => call<void>('DELETE', `/api/bindings/${id}`)
export const readBindingLog = (cursor: number | null) => call<Page<BindingNote, number>>('GET', `/api/bindings/log?${new URLSearchParams({ cursor: String(cursor ?? ''), limit: '20' })}`)

export const getAgentNotice = (accountId: number) => call<AgentNotice>('GET', `/api/accounts/${accountId}/agent-notice`)
export const setAgentNotice = (accountId: number, notice: AgentNotice) => call<AgentNotice>('PUT', `/api/accounts/${accountId}/agent-notice`, notice)
