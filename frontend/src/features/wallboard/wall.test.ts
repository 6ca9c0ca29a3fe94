import type { Tile, Wall } from '@/api/monitor'
import { describe, expect, it } from 'vitest'
import { columnsFor, numberOf, rowsOf, standingOf, textOf, toneOf } from './wall'

const tile = (kind: Tile['kind'], amber: number | null = null, red: number | null = null): Tile => ({ kind, amber, red })
const wall = (figures: Partial<Wall['figures']>) => ({ at: '2026-03-02T12:00:00Z', figures: figures as Wall['figures'] })

it.each([
  [tile('waiting', 10, 30), 9, 'calm'],
  [tile('waiting', 10, 30), 10, 'near'],
  [tile('waiting', 10, 30), 30, 'late'],
  [tile('attainment', 90, 80), 90, 'calm'],
  [tile('attainment', 90, 80), 89, 'near'],
  [tile('attainment', 90, 80), 79, 'late'],
  [tile('attainment', 90, 80), null, 'calm'],
  [tile('overdue', null, 0), 0, 'late'],
  [tile('owed'), 999, 'calm'],
] as const)('%j at %s is %s', (one, value, tone) => {
  expect(toneOf(one, value)).toBe(tone)
})

describe('a value', () => {
  it('of the longest wait goes on between two answers', () => {
    expect(numberOf('oldest', wall({ oldest: '2026-03-02T11:58:50Z' }))).toBe(70)
    expect(numberOf('oldest', wall({ oldest: null }))).toBe(0)
    expect(textOf('oldest', 70)).toBe('01:10')
  })

  it('of a share is rounded down: 79.9 % is not 80', () => {
    expect(textOf('attainment', numberOf('attainment', wall({ attainment: 0.799 })))).toBe('79%')
    expect(textOf('attainment', numberOf('attainment', wall({ attainment: null })))).toBe('–')
  })
})

describe('rows', () => {
  const usual = (['waiting', 'oldest', 'attainment', 'overdue', 'agents', 'trend'] as const).map(kind => tile(kind))
  const kinds = (rows: Tile[][]) => rows.map(row => row.map(({ kind }) => kind))

  it('are filled evenly on a wide screen', () => {
    expect(kinds(rowsOf(usual, 5))).toEqual([['waiting', 'oldest', 'attainment', 'overdue'], ['agents', 'trend']])
  })

  it('are more on a tall one', () => {
    expect(kinds(rowsOf(usual, 3))).toEqual([['waiting', 'oldest'], ['attainment', 'overdue'], ['agents'], ['trend']])
  })

  it('hold one tile, or none', () => {
    expect(kinds(rowsOf([tile('waiting')], 5))).toEqual([['waiting']])
    expect(rowsOf([], 5)).toEqual([])
  })
})

it('says in a word what an agent is', () => {
  const agent = { name: null, presence: 'online', paused: false, load: 1, capacity: 4 } as const
  expect(standingOf(agent)).toBe('online')
  expect(standingOf({ ...agent, load: 4 })).toBe('full')
  expect(standingOf({ ...agent, paused: true })).toBe('paused')
  expect(standingOf({ ...agent, presence: 'away', paused: true })).toBe('away')
})

it.each([[0, 2, 1], [1, 2, 1], [5, 2, 3], [12, 2, 4], [60, 2, 9]])('puts %d places in a field of %d into %d columns', (count, aspect, columns) => {
  expect(columnsFor(count, aspect)).toBe(columns)
})
