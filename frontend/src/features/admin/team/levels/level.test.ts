import { expect, it } from 'vitest'
import { blankLevel, faultsOf } from './level'

it('wants a name', () => {
  expect(faultsOf(blankLevel())).toEqual(['name'])
})

it('takes no promise for later replies, but none that is empty for the first', () => {
  const draft = { ...blankLevel(), name: 'VIP' }
  expect(faultsOf({ ...draft, next_seconds: null, resolution_seconds: null })).toEqual([])
  expect(faultsOf({ ...draft, first_seconds: null, hard_factor: 0.5, extra_slots: 6 })).toEqual(['first_seconds', 'hard_factor', 'extra_slots'])
})
