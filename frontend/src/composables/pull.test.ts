import { expect, it } from 'vitest'
import { comesAlong, pulls, READY_PX } from './pull'

it.each([
  [2, 8, 'undecided'],
  [2, 12, 'yes'],
  [-20, 30, 'yes'], // a thumb goes in bows
  [30, 20, 'no'],
  [-30, 12, 'no'],
  [0, -12, 'no'],
] as const)('%i to the side and %i down: %s', (x, y, what) => {
  expect(pulls(x, y)).toBe(what)
})

it('comes along less and less, and never far', () => {
  const moved = [-40, 0, 40, 80, 160, 320, 5_000].map(comesAlong)
  expect(moved.slice(0, 2)).toEqual([0, 0])
  expect(moved).toEqual(moved.toSorted((one, other) => one - other))
  expect(moved.at(-1)).toBeLessThan(100)
  expect(comesAlong(160)).toBeGreaterThan(READY_PX)
})
