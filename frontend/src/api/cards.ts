/** External cards: what other systems know about customers, as an answer or as a page of theirs. */
import type { components } from './schema'
import { call } from './http'

type Schemas = components['schemas']

export type CardKind = Schemas['CardKind']
export type CardSource = Schemas['CardSourceOut']
export type NewCardSource = Schemas['NewCardSource']
export type CardRef = Schemas['CardRef']
export type Card = Schemas['CardShown']

export const listCardSources = async () => (await call<{ items: CardSource[] }>('GET', '/api/cards')).items
export const addCardSource = (wish: Schemas['NewCardIn']) => call<NewCardSource>('POST', '/api/cards', wish)
export const changeCardSource = (id: number, wish: Schemas['CardSourceIn']) => call<CardSource>('PUT', `/api/cards/${id}`, wish)
export const rotateCardSecret = (id: number) => call<NewCardSource>('POST', `/api/cards/${id}/rotate`)
/** Asks a page, about no customer, whether the desk may frame it. */
export const lookAtPage = (id: number) => call<CardSource>('POST', `/api/cards/${id}/look`)
export const removeCardSource = (id: number) => call<void>('DELETE', `/api/cards/${id}`)

export const listCards = async (conversationId: number) => (await call<{ items: CardRef[] }>('GET', `/api/conversations/${conversationId}/cards`)).items
export const readCard = (conversationId: number, id: number) => call<Card>('GET', `/api/conversations/${conversationId}/cards/${id}`)

/** Where the frame of a page is, and where the page is opened beside the desk: each time signed anew. */
export const frameOf = (conversationId: number, id: number) => `/api/conversations/${conversationId}/cards/${id}/page`
export const pageOf = (conversationId: number, id: number) => `/api/conversations/${conversationId}/cards/${id}/open`
