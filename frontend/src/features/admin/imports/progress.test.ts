import { expect, it } from 'vitest'
import { hear, rateOf, remaining, spanOf, WINDOW_MS } from './progress'

it('tells the rate of the last half minute, not of the whole import', () => {
  let heard = hear([], { at: 0, done: 0 })
  heard = hear(heard, { at: WINDOW_MS, done: 30_000 })
  heard = hear(heard, { at: WINDOW_MS * 2, done: 33_000 })
  expect(rateOf(heard)).toBe(100)
})

it('says nothing from a single glance, or while nothing moves', () => {
  expect(rateOf([{ at: 0, done: 5 }])).toBeNull()
  expect(rateOf([{ at: 0, done: 5 }, { at: 10_000, done: 5 }])).toBeNull()
})

it('begins anew when the import does', () => {
  expect(hear([{ at: 0, done: 900 }], { at: 1_000, done: 0 })).toEqual([{ at: 1_000, done: 0 }])
})

it('counts down to nothing, also when more came than were promised', () => {
  expect(remaining({ done: 400, total: 1_000 }, 10)).toBe(60)
  expect(remaining({ done: 1_001, total: 1_000 }, 10)).toBe(0)
})

it('rounds up what is left', () => {
  expect([3, 12, 61, 3_600, 5_400].map(spanOf)).toEqual([
    { unit: 'soon' },
    { unit: 'seconds', n: 15 },
    { unit: 'minutes', n: 2 },
    { unit: 'hours', hours: 1, minutes: 0 },
    { unit: 'hours', hours: 1, minutes: 30 },
  ])
})
