import type { Figures, Slice } from '@/api/monitor'
import { describe, expect, it } from 'vitest'
import { figuresOf, listOf, toneOf } from './figures'

const NONE: Figures = { waiting: 0, oldest: null, active: 0, resting: 0, owed: 0, overdue: 0, closing: 0, last_send: 0, opened: 0, kept: 0, late: 0, gone: 0, gone_late: 0, attainment: null }
const PEOPLE = { online: 0, busy: 0, away: 0, paused: 0, offline: 0, full: 0, load: 0, capacity: 0 }
const ALL = { level: null, group: null }

function slice(level_id: number, group_id: number | null, figures: Partial<Figures>): Slice {
  return { level_id, group_id, figures: { ...NONE, ...figures } }
}

describe('the figures of a part of the desk', () => {
  const slices = [
    slice(1, 7, { waiting: 2, oldest: '2026-03-02T11:00:00Z', kept: 3, late: 1 }),
    slice(4, 7, { waiting: 5, oldest: '2026-03-02T10:00:00Z' }),
    slice(4, null, { waiting: 1, gone_late: 1 }),
  ]

  it('are those of all, of a level, of a group, and of those in no group', () => {
    expect(figuresOf(slices, ALL)).toMatchObject({ waiting: 8, oldest: '2026-03-02T10:00:00Z', attainment: 0.6 })
    expect(figuresOf(slices, { level: 1, group: null })).toMatchObject({ waiting: 2, attainment: 0.75 })
    expect(figuresOf(slices, { level: 4, group: 7 })).toMatchObject({ waiting: 5, attainment: null })
    expect(figuresOf(slices, { level: null, group: 0 })).toMatchObject({ waiting: 1, attainment: 0 })
    expect(figuresOf([], ALL)).toEqual(NONE)
  })
})

it('leads from a card to the list of what it counts', () => {
  expect(listOf('overdue', { level: 1, group: 7 }, '')).toEqual({ view: 'overdue', level: 1, group: 7 })
  expect(listOf('opened', ALL, '2026-03-01T16:00:00Z')).toEqual({ view: 'today', since: '2026-03-01T16:00:00Z', level: null, group: null })
  expect(listOf('waiting', ALL, '')).toEqual({ state: 'waiting', level: null, group: null })
  expect(listOf('people', ALL, '')).toBeNull()
})

it.each([
  ['overdue', { overdue: 1 }, {}, 'late'],
  ['closing', { closing: 1 }, {}, 'near'],
  ['attainment', { attainment: null }, {}, 'calm'],
  ['attainment', { attainment: 0.85 }, {}, 'near'],
  ['attainment', { attainment: 0.5 }, {}, 'late'],
  ['people', { waiting: 1 }, {}, 'late'],
  ['people', { waiting: 0 }, {}, 'calm'],
  ['people', { waiting: 1 }, { online: 2, full: 2 }, 'near'],
  ['waiting', { waiting: 99 }, {}, 'calm'],
] as const)('shows %s of %j beside %j as %s', (card, figures, people, tone) => {
  expect(toneOf(card, { ...NONE, ...figures }, { people: { ...PEOPLE, ...people } })).toBe(tone)
})
