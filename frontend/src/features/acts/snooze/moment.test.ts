import { expect, it } from 'vitest'
import { fieldOf, momentOf } from './moment'

it('gives back the moment that it shows, to the minute', () => {
  const moment = new Date(2026, 2, 9, 8, 5, 42).getTime()
  expect(fieldOf(moment)).toBe('2026-03-09T08:05')
  expect(momentOf(fieldOf(moment))).toBe(new Date(2026, 2, 9, 8, 5).toISOString())
})

it('knows no moment where the field is empty', () => {
  expect(momentOf('')).toBeNull()
})
