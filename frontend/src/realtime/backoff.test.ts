import { expect, it } from 'vitest'
import { backoff } from './backoff'

it.each([
  [1, 0, 250],
  [1, 1, 500],
  [3, 1, 2_000],
  [9, 1, 15_000],
  [500, 0.5, 11_250],
])('waits longer after each failure, never the same as others, and never too long (%i, %d → %i ms)', (failures, random, wait) => {
  expect(backoff(failures, random)).toBe(wait)
})
