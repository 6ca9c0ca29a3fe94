import type { Conversation } from '@/api/types'
import { expect, it } from 'vitest'
import { byWindow, pick } from './views'

const NOW = Date.parse('2026-11-24T01:00:00Z')
const HOUR = 3_600_000
const allowanceOf = (conversation: Conversation) => conversation.contact.allowance

function talk(id: number, { closesIn, left = 5, owed = true, reserved = 0, state = 'active' }: { closesIn?: number, left?: number, owed?: boolean, reserved?: number, state?: string }): Conversation {
  const grants = closesIn === undefined ? [] : [{ name: 'message', left, count: 5, expires_at: new Date(NOW + closesIn).toISOString() }]
  return { id, state, owed_since: owed ? '2026-11-24T00:00:00Z' : null, contact: { allowance: { grants, reserved } } } as unknown as Conversation
}

function ids(conversations: Conversation[]): number[] {
  return conversations.map(({ id }) => id)
}

it('picks those whose window closes within two hours while an answer is owed, the soonest first', () => {
  const all = [talk(1, { closesIn: 2 * HOUR }), talk(2, { closesIn: HOUR }), talk(3, { closesIn: HOUR, owed: false }), talk(4, { closesIn: 3 * HOUR }), talk(5, { closesIn: -1 }), talk(6, { closesIn: HOUR, state: 'closed' })]

  expect(ids(pick('closing', all, NOW, allowanceOf))).toEqual([2, 1])
})

it('picks those with one send left, what waits to be sent taken off', () => {
  const all = [talk(1, { closesIn: HOUR, left: 1 }), talk(2, { closesIn: HOUR, left: 2, reserved: 1 }), talk(3, { closesIn: HOUR, left: 2 }), talk(4, { closesIn: HOUR, left: 0 })]

  expect(ids(pick('last_send', all, NOW, allowanceOf))).toEqual([1, 2])
})

it('sorts by window; who cannot be answered comes last', () => {
  expect(ids(byWindow([talk(1, {}), talk(2, { closesIn: HOUR }), talk(3, { closesIn: -HOUR }), talk(4, { closesIn: 60_000 })], NOW, allowanceOf))).toEqual([4, 2, 1, 3])
})
