import type { Draft } from './calendar'
import type { Holiday } from '@/api/team'
import { expect, it } from 'vitest'
import { draftOf, faultOf, fieldsOf, kindOf, localOf, missedYear, missingOf, momentOf, monthOf, overrideOf, rowsOf, weekdayOf } from './calendar'
import { USUAL } from './week'

const NIGHT = { begins: '22:00', ends: '06:00' }
const SHANGHAI = 'Asia/Shanghai'
const usual = (overrides: Draft['overrides'] = {}): Draft => ({ name: '白天', timezone: SHANGHAI, week: USUAL, overrides })
const holiday = (date: string, more: Partial<Holiday> = {}): Holiday => ({ date, name: '国庆节', name_en: 'National Day', closed: true, as_weekday: null, ...more })

it('is the same after it was kept', () => {
  const draft = { ...usual({ '2026-10-01': [] }), week: USUAL.map((parts, day) => day === 4 ? [...parts, NIGHT] : parts) }
  expect(draftOf({ ...fieldsOf(draft), id: 1, version: 1 } as Parameters<typeof draftOf>[0])).toEqual(draft)
})

it('writes midnight at the end of a day as 24:00', () => {
  expect(fieldsOf({ ...usual(), week: [[{ begins: '00:00', ends: '00:00' }], [], [], [], [], [], []] }).weekly).toEqual({ 0: [['00:00', '24:00']] })
})

it('lets a part run over midnight, but not into the next one', () => {
  const week = (monday: { begins: string, ends: string }[], tuesday: { begins: string, ends: string }[]) => [monday, tuesday, [], [], [], [], []]
  expect(faultOf(week([NIGHT], [{ begins: '06:00', ends: '12:00' }]))).toBeNull()
  expect(faultOf(week([NIGHT], [{ begins: '05:00', ends: '12:00' }]))).toEqual({ day: 0, kind: 'overlap' })
  expect(faultOf(week([], [{ begins: '', ends: '12:00' }]))).toEqual({ day: 1, kind: 'empty' })
  expect(faultOf([[{ begins: '05:00', ends: '08:00' }], [], [], [], [], [], [NIGHT]])).toEqual({ day: 6, kind: 'overlap' })
})

it('knows what a day is', () => {
  const overrides = { '2026-10-01': [], '2026-10-10': { as_weekday: 3 }, '2026-10-11': [['10:00', '12:00']] } as Draft['overrides']
  expect(['2026-09-30', '2026-10-01', '2026-10-03', '2026-10-10', '2026-10-11'].map(date => kindOf(date, usual(overrides)))).toEqual(['open', 'holiday', 'closed', 'workday', 'special'])
})

it('draws a month from Monday', () => {
  expect(weekdayOf('2026-10-01')).toBe(3)
  const october = monthOf(2026, 10)
  expect([october.length % 7, october.indexOf('2026-10-01'), october.filter(Boolean).length]).toEqual([0, 3, 31])
})

it('proposes only what is not there yet', () => {
  const shifted = holiday('2026-10-10', { closed: false, as_weekday: 4 })
  expect(overrideOf(shifted)).toEqual({ as_weekday: 4 })
  expect(missingOf([holiday('2026-10-01'), shifted], { '2026-10-01': [] })).toEqual([shifted])
})

it.each([['2026-11-30', null], ['2026-12-01', 2027]])('misses next year from December on: %s', (today, year) => {
  expect(missedYear(today, { '2026-10-01': [] })).toBe(year)
  expect(missedYear(today, { '2027-01-01': [] })).toBeNull()
})

it('reads clocks of other places', () => {
  expect(momentOf('2026-07-01T09:00', SHANGHAI)).toBe('2026-07-01T01:00:00.000Z')
  expect(momentOf('2026-07-01T09:00', 'America/New_York')).toBe('2026-07-01T13:00:00.000Z')
  expect(localOf('2026-01-01T13:00:00Z', 'America/New_York')).toBe('2026-01-01T08:00')
})

it('draws spans by the day', () => {
  expect(rowsOf([['2026-07-01T10:00:00Z', '2026-07-01T22:00:00Z']], SHANGHAI)).toEqual([
    { date: '2026-07-01', parts: [{ from: 0.75, to: 1 }] },
    { date: '2026-07-02', parts: [{ from: 0, to: 0.25 }] },
  ])
})
