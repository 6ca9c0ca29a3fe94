import type { Conversation, Message } from '@/api/types'
import { expect, it } from 'vitest'
import { merged, MOST_COPIES, MOST_MESSAGES, newest } from './keeping'

function message(id: number, version = 1): Message {
  return { id, version, text: `${id}.${version}` } as Message
}

function texts(messages: readonly Message[]): string[] {
  return messages.map(({ text }) => text)
}

it('takes the newer copy of each, in the order of their numbers', () => {
  const known = [message(1), message(3, 2)]

  expect(texts(merged(known, [message(2), message(3, 1), message(1, 2)]))).toEqual(['1.2', '2.1', '3.2'])
})

it('keeps the newest messages of a conversation', () => {
  const many = Array.from({ length: MOST_MESSAGES + 5 }, (_, at) => message(at + 1))

  expect(merged(many, []).map(({ id }) => id)).toEqual(many.slice(5).map(({ id }) => id))
})

it('keeps the conversations in which something was said last', () => {
  const said = (id: number, second: number) => ({ id, opened_at: '2026-11-30T00:00:00Z', last_message: { sent_at: new Date(second * 1000).toISOString() } }) as Conversation
  const all = Array.from({ length: MOST_COPIES + 3 }, (_, at) => said(at, 2_000_000_000 + at))

  expect(newest(all).map(({ id }) => id)).toEqual(all.map(({ id }) => id).reverse().slice(0, MOST_COPIES))
})
