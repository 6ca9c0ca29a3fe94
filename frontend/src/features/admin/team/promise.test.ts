import { expect, it } from 'vitest'
import { stretchesOf } from './promise'

const of = (...given: [number, number, number]) => stretchesOf(...given).map(({ kind, from }) => [kind, from])

it('gets late half a target before its end, and is far too late after four', () => {
  expect(of(300, 0.5, 4)).toEqual([['fine', 0], ['late', 150], ['overdue', 300], ['hopeless', 1200]])
})

it('leaves out what takes no time', () => {
  expect(of(60, 0, 1)).toEqual([['fine', 0], ['hopeless', 60]])
  expect(of(60, 1, 2).at(0)).toEqual(['late', 0])
})
