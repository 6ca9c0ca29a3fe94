import type { Conversation } from '@/api/types'
import { expect, it } from 'vitest'
import { ordered } from './order'

function talk(id: number, more: { due?: string, owed?: string | null, last?: string, rank?: number, state?: string }): Conversation {
  const { due, owed = '09:00', last = '09:00', rank = 4, state = 'active' } = more
  const at = (time: string | null | undefined) => time ? `2026-11-24T${time}:00Z` : null
  return { id, state, due_at: at(due), owed_since: at(owed), waiting_since: null, opened_at: at('08:00'), last_message: { sent_at: at(last) }, contact: { level: { rank } } } as unknown as Conversation
}

const never = () => Infinity
const ids = (all: Conversation[]) => all.map(({ id }) => id)

it('has the earliest promise first, and whoever owes nothing last, the newest of them before', () => {
  const all = [talk(1, { owed: null, last: '09:30' }), talk(2, { due: '09:20' }), talk(3, { due: '09:10' }), talk(4, { owed: null, last: '09:40' }), talk(5, {})]
  expect(ids(ordered('urgency', all, never))).toEqual([3, 2, 5, 4, 1])
})

it('minds a window that closes before the promise', () => {
  const all = [talk(1, { due: '09:10' }), talk(2, { due: '09:20' })]
  expect(ids(ordered('urgency', all, ({ id }) => id === 2 ? Date.parse('2026-11-24T09:05:00Z') : Infinity))).toEqual([2, 1])
})

it('sorts by the newest line, by the longest wait and by level', () => {
  const all = [talk(1, { last: '09:10', owed: '09:05', rank: 4 }), talk(2, { last: '09:20', owed: '09:01', rank: 1 }), talk(3, { last: '09:15', owed: '09:09', rank: 1, due: '09:12' })]
  expect(ids(ordered('newest', all, never))).toEqual([2, 3, 1])
  expect(ids(ordered('waiting', all, never))).toEqual([2, 1, 3])
  expect(ids(ordered('level', all, never))).toEqual([3, 2, 1])
})

it('leaves equals as they were', () => {
  expect(ids(ordered('level', [talk(2, {}), talk(1, {})], never))).toEqual([2, 1])
})
