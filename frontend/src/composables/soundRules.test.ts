import { expect, it } from 'vitest'
import { closesSoon, CLOSING_MS, isTime, makeThrottle } from './soundRules'

it.each([
  ['always', true, true],
  ['always', false, true],
  ['visible', true, true],
  ['visible', false, false],
  ['hidden', true, false],
  ['hidden', false, true],
  ['never', true, false],
  ['never', false, false],
] as const)('of "%s", while visible is %s: %s', (when, visible, heard) => {
  expect(isTime(when, visible)).toBe(heard)
})

it('lets messages be heard every three seconds at most, and offers every five', () => {
  const passes = makeThrottle()
  expect([0, 1_000, 2_999, 3_000, 5_000].map(now => passes('message', now))).toEqual([true, false, false, true, false])
  expect([0, 3_000, 5_000].map(now => passes('offer', now))).toEqual([true, false, true])
})

it.each([
  [true, CLOSING_MS + 1, false],
  [true, CLOSING_MS, true],
  [true, 1, true],
  [true, 0, false],
  [true, null, false],
  [false, CLOSING_MS, false],
])('an answer that is owed: %s, and the window closes in %s ms: %s', (owed, closesIn, soon) => {
  const now = Date.parse('2026-11-24T01:00:00Z')
  expect(closesSoon(owed, closesIn === null ? null : now + closesIn, now)).toBe(soon)
})

it('lets everything else through', () => {
  const passes = makeThrottle()
  expect([0, 1].map(now => passes('breach', now))).toEqual([true, true])
})
