import { expect, it } from 'vitest'
import { choiceOf, isNothing, NOTHING, wantedOf } from './wanted'

const NOW = Date.parse('2026-11-30T00:00:00Z')

it('asks for what was chosen and for nothing else', () => {
  expect(wantedOf({ ...NOTHING, text: ' 王 ', levels: [2, 4], seen: 7 }, NOW)).toEqual({ text: '王', level_ids: [2, 4], tag_ids: [], conditions: [], following: null, blacklisted: null, seen_since: '2026-11-23T00:00:00.000Z', seen_until: null })
  expect(wantedOf({ ...NOTHING, seen: -30 }, NOW).seen_until).toBe('2026-10-31T00:00:00.000Z')
})

it('shows what a segment asks for', () => {
  const choice = { ...NOTHING, text: '王', levels: [2], tags: [3, 5], following: true, seen: -90, conditions: [{ field_id: 3, test: 'at_least' as const, value: 100 }] }
  expect(choiceOf(wantedOf(choice, NOW), NOW)).toEqual(choice)
})

it('knows when nothing is asked for', () => {
  expect(isNothing({ ...NOTHING, text: '  ' })).toBe(true)
  expect(isNothing({ ...NOTHING, blacklisted: false })).toBe(false)
  expect(isNothing({ ...NOTHING, conditions: [{ field_id: 3, test: 'is', value: 'x' }] })).toBe(false)
})
