import type { Expected, Figures, Slice } from '@/api/monitor'
import { describe, expect, it } from 'vitest'
import { expectedText, figureSeconds, rangeText } from './expected'
import { expectedByLevel, figuresOf, listOf, longestOf, toneOf } from './figures'

const NONE: Figures = { waiting: 0, oldest: null, active: 0, resting: 0, owed: 0, overdue: 0, closing: 0, last_send: 0, opened: 0, rated: 0, satisfied: 0, kept: 0, late: 0, gone: 0, gone_late: 0, attainment: null, satisfaction: null }
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
  expect(toneOf(card, { ...NONE, ...figures }, { people: { ...PEOPLE, ...people }, delays: { count: 0, median: null, worst: null } })).toBe(tone)
})

const expected = (level: number, mean: number | null, group: number | null = null): Expected => ({ account_id: 1, group_id: group, level_id: level, mean, about: mean && Math.ceil(mean / 60), to: mean && Math.ceil(mean / 30), why_not: mean === null ? 'unknown' : null })

it('shows the longest wait that is expected, and each level beside it', () => {
  const all = [expected(1, 0), expected(4, 120), expected(4, 300, 7), expected(5, null)]
  expect(longestOf(all, ALL)).toBe(all[2])
  expect(longestOf(all, { level: null, group: 0 })).toBe(all[1])
  expect(longestOf(all, { level: 5, group: null })?.mean).toBeNull()
  expect(longestOf([], ALL)).toBeNull()
  expect(expectedByLevel(all, ALL).map(({ level, longest }) => [level, expectedText(longest)])).toEqual([[1, '马上'], [4, '5 分'], [5, '–']])
  expect(rangeText(all[2]!)).toBe('5–10 分钟')
})

it.each([[null, '–'], [2, '2 秒'], [180, '3 分']])('tells a delay of %s as %s', (seconds, words) => {
  expect(figureSeconds(seconds)).toBe(words)
})

it.each([[null, 'calm'], [2, 'calm'], [20, 'near'], [90, 'late']] as const)('shows a delay of %s as %s', (median, tone) => {
  expect(toneOf('delay', NONE, { people: PEOPLE, delays: { count: 1, median, worst: median } })).toBe(tone)
})
