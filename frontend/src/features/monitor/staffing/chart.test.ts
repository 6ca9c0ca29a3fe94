import { expect, it } from 'vitest'
import { barsOf, clockText, halfAt, peakOf, scaleOf, shortOf, stepsOf, ticks } from './chart'

const FRAME = { width: 120, height: 60, left: 20, right: 0, top: 10, bottom: 0 }

it.each([
  [0, [0, 1]],
  [3, [0, 1, 2, 3]],
  [7, [0, 5, 10]],
  [28, [0, 10, 20, 30]],
  [1400, [0, 500, 1000, 1500]],
])('marks %d with round numbers', (most, wanted) => {
  expect(ticks(most)).toEqual(wanted)
})

it('draws bars from the ground up', () => {
  const scale = scaleOf(FRAME, 2, 10)
  expect(barsOf([0, 10], scale)).toEqual([{ x: 27.5, width: 35, y: 60, height: 0 }, { x: 77.5, width: 35, y: 10, height: 50 }])
})

it('draws steps, and breaks where there is nothing yet', () => {
  const scale = scaleOf(FRAME, 4, 10)
  expect(stepsOf([0, 10, null, 5], scale)).toBe('M20,60H45V10H70M95,35H120')
  expect(stepsOf([], scale)).toBe('')
})

it('shows where too few were there', () => {
  const scale = scaleOf(FRAME, 3, 10)
  expect(shortOf([{ needed: 4, there: 4 }, { needed: 4, there: 2 }, { needed: 4, there: null }], scale)).toHaveLength(1)
})

it('finds the half hour under the pointer', () => {
  expect([10, 20, 69, 119, 121].map(x => halfAt(x, FRAME, 2))).toEqual([null, 0, 0, 1, null])
})

it('says minutes as a clock does, and finds the peak', () => {
  expect([0, 570, 1410].map(clockText)).toEqual(['00:00', '09:30', '23:30'])
  expect(peakOf([])).toBeNull()
})
