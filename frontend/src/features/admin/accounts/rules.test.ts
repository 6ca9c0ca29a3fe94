import type { Rule } from '@/api/admin'
import { expect, it } from 'vitest'
import { formOf, hasPayment, isRight, isSame, PAYMENT, ruleOf } from './rules'

const MESSAGE: Rule = { grant: 'message', triggers: ['message'], count: 5, seconds: 172_800 }
const EVENT: Rule = { grant: 'event', triggers: ['menu', 'follow', 'scan'], count: 3, seconds: 60 }

it('shows a duration in the largest unit that fits, and reads it back', () => {
  expect(formOf(MESSAGE)).toMatchObject({ count: '5', lasts: '48', unit: 'hours' })
  expect(formOf(EVENT)).toMatchObject({ lasts: '1', unit: 'minutes' })
  expect(formOf({ ...EVENT, seconds: 90 })).toMatchObject({ lasts: '90', unit: 'seconds' })
  expect([MESSAGE, EVENT].map(rule => ruleOf(formOf(rule)))).toEqual([MESSAGE, EVENT])
})

it('takes an empty count for as many as one likes', () => {
  expect(ruleOf(PAYMENT)).toEqual({ grant: 'payment', triggers: ['payment'], count: null, seconds: 172_800 })
})

it.each([
  { count: '0' },
  { count: '2.5' },
  { count: 'five' },
  { lasts: '' },
  { lasts: '-1' },
  { lasts: '9000', unit: 'hours' as const },
])('refuses %j', (change) => {
  expect(isRight({ ...formOf(MESSAGE), ...change })).toBe(false)
})

it('knows tables that grant the same, whatever their source says', () => {
  const table = { renewal: 'replace' as const, rules: [MESSAGE, EVENT] }

  expect(isSame(table, { ...table, rules: [{ ...MESSAGE }, EVENT] })).toBe(true)
  expect(isSame(table, { ...table, renewal: 'accumulate' })).toBe(false)
  expect(isSame(table, { ...table, rules: [MESSAGE, EVENT, ruleOf(PAYMENT)] })).toBe(false)
})

it('knows whether payment stands in a table', () => {
  expect([hasPayment([MESSAGE]), hasPayment([MESSAGE, PAYMENT])]).toEqual([false, true])
})
