import { expect, it } from 'vitest'
import { typedOf, valueOf } from './fieldValue'

it('reads numbers as people write them', () => {
  expect(valueOf({ kind: 'number' }, ' 12,800.5 ')).toBe(12800.5)
  expect(valueOf({ kind: 'number' }, '一千')).toBeUndefined()
})

it('reads days in any of their forms, and no others', () => {
  expect(valueOf({ kind: 'date' }, '2026年3月1日')).toBe('2026-03-01')
  expect(valueOf({ kind: 'date' }, '2026-02-30')).toBeUndefined()
})

it('keeps nothing of what is empty', () => {
  expect(valueOf({ kind: 'text' }, '  ')).toBeNull()
  expect([typedOf(null), typedOf(undefined), typedOf(0)]).toEqual(['', '', '0'])
})
