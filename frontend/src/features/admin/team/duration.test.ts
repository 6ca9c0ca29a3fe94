import { expect, it } from 'vitest'
import { durationText, partsOf } from './duration'

it.each([[120, 2, 'minute'], [90, 90, 'second'], [86_400, 1, 'day'], [0, 0, 'second']])('writes %i seconds in the largest unit that fits', (seconds, n, unit) => {
  expect(partsOf(seconds)).toEqual({ n, unit })
})

it.each([[45, '45 秒'], [90, '1 分钟 30 秒'], [300, '5 分钟'], [93_600, '1 天 2 小时'], [0, '0 秒']])('says %i seconds', (seconds, words) => {
  expect(durationText(seconds)).toBe(words)
})
