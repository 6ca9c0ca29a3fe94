import type { LevelReplayed, ReplayedAnswers } from '@/api/team'
import { expect, it } from 'vitest'
import { comparedOf, summaryOf, verdictOf } from './compared'

const ANSWERS: ReplayedAnswers = { count: 20, answered: 18, gave_up: 2, left: 0, mean: 60, median: 50, p90: 120, longest: 300, within: 0.8 }
const level = (draft: Partial<ReplayedAnswers>): LevelReplayed => ({ level_id: 1, name: 'VIP1', target_seconds: 120, published: ANSWERS, draft: { ...ANSWERS, ...draft } })

it.each([
  ['within', 0.8, 0.9, 'better'],
  ['within', 0.8, 0.803, 'same'],
  ['within', null, 0.9, 'unknown'],
  ['p90', 120, 60, 'better'],
  ['p90', 120, 121, 'same'],
  ['median', 50, 80, 'worse'],
  ['gave_up', 2, 3, 'worse'],
] as const)('calls %s from %s to %s %s', (metric, before, after, verdict) => {
  expect(verdictOf(metric, before, after)).toBe(verdict)
})

it('puts values and changes into words, and bars to one scale', () => {
  const [within, , p90, , gaveUp] = comparedOf(level({ within: 0.925, p90: 60, gave_up: 3 }))
  expect(within).toMatchObject({ published: '80%', draft: '92.5%', verdict: 'better', by: '高 12.5 个百分点', shares: { published: 0.8, draft: 0.925 } })
  expect(p90).toMatchObject({ published: '2 分钟', draft: '1 分钟', by: '快 1 分钟', shares: { published: 1, draft: 0.5 } })
  expect(gaveUp).toMatchObject({ verdict: 'worse', by: '多 1 人' })
})

it('sums up what a level has of it', () => {
  const lines = (draft: Partial<ReplayedAnswers>) => summaryOf([level(draft)]).map(({ verdict, line }) => [verdict, line])[0]
  expect(lines({})).toEqual(['same', '没有明显差别'])
  expect(lines({ within: 0.9 })).toEqual(['better', '按时率高 10 个百分点'])
  expect(lines({ within: 0.9, longest: 600 })).toEqual(['unknown', '好处：按时率高 10 个百分点；坏处：最久的等待慢 5 分钟'])
})
