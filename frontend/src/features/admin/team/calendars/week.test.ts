import { expect, it } from 'vitest'
import { added, asMonday, changed, USUAL } from './week'

it('adds, changes and removes a part of a day', () => {
  const two = added(USUAL, 0)
  expect(two[0]).toEqual([{ begins: '09:00', ends: '18:00' }, { begins: '18:00', ends: '00:00' }])
  expect(changed(two, 0, 1, { begins: '19:00' })[0]![1]).toEqual({ begins: '19:00', ends: '00:00' })
  expect(changed(two, 0, 0, null)[0]).toHaveLength(1)
  expect(asMonday(two)[4]).toBe(two[0])
  expect(asMonday(two)[5]).toEqual([])
})
