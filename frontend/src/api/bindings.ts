/** Agents at work within WeChat: who has bound theirs, and the code that does it. */
import type { components } from './schema'
import { call } from './http'

type Schemas = components['schemas']

export type Binding = Schemas['BindingOut']
export type BindingCode = Schemas['BindingCodeOut']
export type OwnBinding = Schemas['OwnBinding']

export const getOwnBinding = () => call<OwnBinding>('GET', '/api/binding')
export const askBindingCode = (accountId: number) => call<BindingCode>('POST', '/api/binding/codes', { account_id: accountId })
export const revokeOwnBinding = () => call<OwnBinding>('DELETE', '/api/binding')
export const bindingPictureOf = (code: number) => `/api/binding/codes/${code}/picture`

export const listBindings = () => call<{ items: Binding[] }>('GET', '/api/bindings')
export const revokeBinding = (id: number) => call<void>('DELETE', `/api/bindings/${id}`)
