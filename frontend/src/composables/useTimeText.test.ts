import { beforeEach, expect, it, vi } from 'vitest'
import { useTimeText } from './useTimeText'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 24, 15, 0) })
})

it.each([
  [new Date(2026, 10, 24, 14, 59, 30), '刚刚'],
  [new Date(2026, 10, 24, 14, 57), '3分钟'],
  [new Date(2026, 10, 24, 9, 5), '09:05'],
  [new Date(2026, 10, 23, 23, 59), '昨天'],
  [new Date(2026, 10, 20, 9, 0), '11月20日'],
  [new Date(2025, 10, 20, 9, 0), '2025年11月20日'],
])('tells %s in lists as %s', (moment, words) => {
  expect(useTimeText().short(moment.toISOString())).toBe(words)
})
