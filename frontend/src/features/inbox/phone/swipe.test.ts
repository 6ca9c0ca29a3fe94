import { expect, it } from 'vitest'
import { settle, swiped } from './swipe'

it.each([
  [4, 3, 'undecided'],
  [-30, 4, 'aside'],
  [30, -4, 'aside'],
  [3, 30, 'scroll'],
  [-20, 18, 'scroll'], // a thumb goes in bows
  [0, -12, 'scroll'],
] as const)('%i to the side and %i down: %s', (x, y, way) => {
  expect(swiped(x, y)).toBe(way)
})

it.each([
  [-20, 'shut'],
  [-60, 'open'],
  [-216, 'open'],
  [30, 'shut'],
  [60, 'right'],
  [0, 'shut'],
] as const)('let go at %i: %s', (moved, to) => {
  expect(settle(moved, 216, 72)).toBe(to)
})

it('has nothing to open where there is nothing to do', () => {
  expect(settle(-60, 0, 72)).toBe('shut')
})
