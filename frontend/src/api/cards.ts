/** External cards: other systems that are asked about customers, and what they say. */
import type { components } from './schema'
import { call } from './http'

type Schemas = components['schemas']

export type CardSource = Schemas['CardSourceOut']
export type NewCardSource = Schemas['NewCardSource']
export type CardRef = Schemas['CardRef']
export type Card = Schemas['CardShown']

export const listCardSources = async () => (await call<{ items: CardSource[] }>('GET', '/api/cards')).items
export const addCardSource = (wish: Schemas['CardSourceIn']) => call<NewCardSource>('POST', '/api/cards', wish)
export const changeCardSource = (id: number, wish: Schemas['CardSourceIn']) => call<CardSource>('PUT', `/api/cards/${id}`, wish)
export const removeCardSource = (id: number) => call<void>('DELETE', `/api/cards/${id}`)

export const listCards = async (conversationId: number) => (await call<{ items: CardRef[] }>('GET', `/api/conversations/${conversationId}/cards`)).items
export const readCard = (conversationId: number, id: number) => call<Card>('GET', `/api/conversations/${conversationId}/cards/${id}`)
