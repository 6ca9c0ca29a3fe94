/** Programs: the tokens by which they ask, and the webhooks by which they are told. */
import type { components } from './schema'
import type { Page } from './types'
import { call } from './http'

type Schemas = components['schemas']

export type Token = Schemas['TokenOut']
export type NewToken = Schemas['NewToken']
export type TokenFields = Schemas['TokenIn']
export type Webhook = Schemas['WebhookOut']
export type NewWebhook = Schemas['NewWebhook']
export type WebhookFields = Schemas['WebhookIn']
export type Happening = Schemas['Happening']
export type Telling = Schemas['WebhookTelling']
export type TellingState = Schemas['TellingState']

export const listTokens = async () => (await call<{ items: Token[] }>('GET', '/api/tokens')).items
export const addToken = (wish: TokenFields) => call<NewToken>('POST', '/api/tokens', wish)
export const revokeToken = (id: number) => call<void>('DELETE', `/api/tokens/${id}`)

export const listWebhooks = async () => (await call<{ items: Webhook[] }>('GET', '/api/webhooks')).items
export const addWebhook = (wish: WebhookFields) => call<NewWebhook>('POST', '/api/webhooks', wish)
export const changeWebhook = (id: number, wish: WebhookFields) => call<Webhook>('PUT', `/api/webhooks/${id}`, wish)
export const removeWebhook = (id: number) => call<void>('DELETE', `/api/webhooks/${id}`)
export const rotateSecret = (id: number) => call<NewWebhook>('POST', `/api/webhooks/${id}/rotate`)
export const pauseWebhook = (id: number) => call<Webhook>('POST', `/api/webhooks/${id}/pause`)
export const resumeWebhook = (id: number) => call<Webhook>('POST', `/api/webhooks/${id}/resume`)
export const tryWebhook = (id: number) => call<Telling>('POST', `/api/webhooks/${id}/test`)

export function listTellings(id: number, state: TellingState | null, cursor: number | null): Promise<Page<Telling, number>> {
  const query = new URLSearchParams({ state: state ?? '', cursor: String(cursor ?? '') })
  return call('GET', `/api/webhooks/${id}/deliveries?${query}`)
}
export const readTelling = (id: number, tellingId: number) => call<{ body: string }>('GET', `/api/webhooks/${id}/deliveries/${tellingId}`)
export const replay = (id: number, tellingId: number) => call<Telling>('POST', `/api/webhooks/${id}/deliveries/${tellingId}/replay`)
export const replayFailed = (id: number, since: string) => call<{ replayed: number }>('POST', `/api/webhooks/${id}/replay`, { since })
