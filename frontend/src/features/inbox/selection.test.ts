import type { Selection } from './selection'
import { expect, it } from 'vitest'
import { all, kept, MOST, NONE, ranged, toggled } from './selection'

const ORDER = [5, 3, 8, 1, 9]
const ids = (selection: Selection) => [...selection.ids].sort((one, other) => one - other)

it('chooses and leaves one', () => {
  const one = toggled(NONE, 3)
  expect(ids(one)).toEqual([3])
  expect(ids(toggled(one, 3))).toEqual([])
})

it('chooses from the last one up to here, in either direction, beside what was chosen', () => {
  const from = toggled(toggled(NONE, 5), 8)
  expect(ids(ranged(from, 9, ORDER))).toEqual([1, 5, 8, 9])
  expect(ids(ranged(toggled(NONE, 1), 3, ORDER))).toEqual([1, 3, 8])
  expect(ids(ranged(ranged(toggled(NONE, 3), 1, ORDER), 8, ORDER))).toEqual([1, 3, 8])
})

it('is one alone where no range begins', () => {
  expect(ids(ranged(NONE, 8, ORDER))).toEqual([8])
  expect(ids(ranged({ ids: new Set([7]), anchor: 7 }, 8, ORDER))).toEqual([7, 8])
})

it('forgets what has left the list', () => {
  expect(kept({ ids: new Set([5, 7, 9]), anchor: 7 }, ORDER)).toEqual({ ids: new Set([5, 9]), anchor: null })
})

it('chooses no more than the desk takes at once', () => {
  const many = Array.from({ length: MOST + 50 }, (_, id) => id)
  expect(all(many).ids.size).toBe(MOST)
  expect(toggled(all(many), MOST + 1).ids.size).toBe(MOST)
  expect(ranged(toggled(NONE, 0), MOST + 20, many).ids.size).toBe(MOST)
})
