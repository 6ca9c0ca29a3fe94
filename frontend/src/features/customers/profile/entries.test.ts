import type { Entry } from '@/api/timeline'
import { expect, it } from 'vitest'
import { daysOf, placeOf } from './entries'

const entry = (at: string) => ({ at }) as Entry

it('parts days and keeps the order', () => {
  const days = daysOf([entry('2026-03-02T12:00:00'), entry('2026-03-02T01:00:00'), entry('2026-03-01T23:59:00')])

  expect(days.map(({ entries }) => entries.length)).toEqual([2, 1])
  expect(days[0]!.at).toBe('2026-03-02T12:00:00')
})

it('knows where an entry can be read', () => {
  expect(placeOf({ conversation_id: 7, message_id: 9 })).toBe('/conversations/7?message=9')
  expect(placeOf({ conversation_id: 7, message_id: null })).toBe('/conversations/7')
  expect(placeOf({ conversation_id: null, message_id: null })).toBeNull()
})
