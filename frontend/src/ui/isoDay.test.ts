import { expect, it } from 'vitest'
import { dayOf, stepped } from './isoDay'

it.each([
  ['2026-11-30', '2026-11-30'],
  [' 2026/1/5 ', '2026-01-05'],
  ['20261130', '2026-11-30'],
  ['2026年11月3日', '2026-11-03'],
  ['2028-02-29', '2028-02-29'],
  ['2026-02-29', null],
  ['2026-13-01', null],
  ['11/30/2026', null],
  ['明天', null],
  ['', null],
])('reads %j as %j', (typed, iso) => {
  expect(dayOf(typed)).toBe(iso)
})

it('steps over the ends of months and years', () => {
  expect(stepped('2026-12-31', { days: 1 })).toBe('2027-01-01')
  expect(stepped('2026-03-01', { days: -1 })).toBe('2026-02-28')
  expect(stepped('2026-01-31', { months: 1 })).toBe('2026-02-28')
  expect(stepped('2026-03-15', { months: -3 })).toBe('2025-12-15')
})
