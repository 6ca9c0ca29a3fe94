import { expect, it } from 'vitest'
import { countdown, deadlineOf } from './deadline'

const TALK = { state: 'waiting', due_at: '2026-11-24T01:02:00Z', due_kind: 'first', owed_since: '2026-11-24T01:00:00Z', waiting_since: '2026-11-24T01:00:00Z' } as const
const at = (time: string) => Date.parse(`2026-11-24T${time}Z`)

it('is near once half of the time is gone, and late when all of it is', () => {
  expect(['01:00:59', '01:01:00', '01:02:00', '01:05:10'].map(time => deadlineOf(TALK, at(time))?.nearness)).toEqual(['calm', 'near', 'late', 'late'])
  expect(deadlineOf(TALK, at('01:05:10'))?.ms).toBe(190_000)
})

it('is nothing where nothing is promised, and where all is over', () => {
  expect(deadlineOf({ ...TALK, due_at: null }, at('01:00:00'))).toBeNull()
  expect(deadlineOf({ ...TALK, state: 'closed' }, at('01:00:00'))).toBeNull()
})

it('tells minutes and seconds, and hours once there are any', () => {
  expect([190_000, 59_999, 3_733_000, -5].map(countdown)).toEqual(['03:10', '00:59', '1:02:13', '00:00'])
})
