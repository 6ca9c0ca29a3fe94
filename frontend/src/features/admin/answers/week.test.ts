import { expect, it } from 'vitest'
import { added, asMonday, changed, DAYS, intervalsOf, isRight, USUAL, weekOf } from './week'

it('shows midnight as browsers do, and sends it as the desk does', () => {
  const kept = [{ day: 6, begins: '00:00', ends: '24:00' }]
  expect(weekOf(kept)[6]).toEqual([{ begins: '00:00', ends: '00:00' }])
  expect(intervalsOf(weekOf(kept))).toEqual(kept)
})

it('finds parts that end too early, or overlap', () => {
  const day = (...parts: { begins: string, ends: string }[]) => DAYS.map(at => at === 0 ? parts : [])
  expect(isRight(USUAL)).toBe(true)
  expect(isRight(day({ begins: '13:00', ends: '00:00' }, { begins: '09:00', ends: '13:00' }))).toBe(true)
  expect(isRight(day({ begins: '09:00', ends: '09:00' }))).toBe(false)
  expect(isRight(day({ begins: '09:00', ends: '12:00' }, { begins: '11:59', ends: '13:00' }))).toBe(false)
  expect(isRight(day({ begins: '', ends: '12:00' }))).toBe(false)
})

it('adds, changes and removes a part of a day', () => {
  const two = added(USUAL, 0)
  expect(two[0]).toEqual([{ begins: '09:00', ends: '18:00' }, { begins: '18:00', ends: '00:00' }])
  expect(changed(two, 0, 1, { begins: '19:00' })[0]![1]).toEqual({ begins: '19:00', ends: '00:00' })
  expect(changed(two, 0, 0, null)[0]).toHaveLength(1)
  expect(asMonday(two)[4]).toBe(two[0])
  expect(asMonday(two)[5]).toEqual([])
})
