/** Every code and reason by which the desk explains itself has its words: its sources are read for them. */
import type { Assignment } from '@/api/assignments'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { locale } from '@/i18n'
import { teller } from './facts'
import { has, say } from './words'

const source = (name: string): string => readFileSync(join(import.meta.dirname, '../../../../src/wxdesk/desk/routing', `${name}.py`), 'utf8')
const inside = (text: string, from: string): string => text.slice(text.indexOf(from)).split(/\n\n\n|\n\}/)[0]!
const enumOf = (name: string, file: string): string[] => [...inside(source(file), `class ${name}(StrEnum)`).matchAll(/^ {4}[A-Z_]+ = "(\w+)"/gm)].map(([, value]) => value!)

const reasons = enumOf('Reason', 'eligible')
const rules = enumOf('Rule', 'decision')
const endings = enumOf('Ending', 'model')
const bands = enumOf('Band', 'order')
const facts = [
  ...[...(source('explain') + source('why')).matchAll(/Fact\(\s*"(\w+)"(?: if [^,]* else "(\w+)")?/g)].flatMap(([, code, other]) => other ? [code!, other] : [code!]),
  ...enumOf('NoNumber', 'calibrate').map(why => `unpredicted_${why}`),
  ...reasons.map(reason => `agents_${reason}`),
]

afterEach(() => { locale.value = 'zh-CN' })

it('finds what the desk may say', () => {
  expect(reasons).toEqual(expect.arrayContaining(['offline', 'skill', 'foreign']))
  expect(rules).toEqual(expect.arrayContaining(['sticky', 'returned']))
  expect(endings).toEqual(expect.arrayContaining(['timed_out', 'unanswered']))
  expect(bands).toEqual(expect.arrayContaining(['A', 'C']))
  expect(facts).toEqual(expect.arrayContaining(['waits', 'not_queued', 'offered', 'waits_late', 'nobody_for_level', 'agents_full']))
})

it('has words for all of it', () => {
  const wanted = [...reasons.map(one => `reason.${one}`), ...rules.map(one => `rule.${one}`), ...endings.map(one => `ending.${one}`), ...bands.map(one => `band.${one}`), ...facts.map(one => `fact.${one}`)]
  expect(wanted.filter(key => !has(key))).toEqual([])
})

const tell = teller({ at: moment => moment.slice(11, 16), agent: id => `客服${id}`, level: rank => `VIP${rank}`, conversation: id => `客户${id}` })

it('tells facts with the names and times of people', () => {
  expect(tell.fact({ code: 'waits', values: { since: '2026-11-24T01:00:00Z', due_at: '2026-11-24T01:05:00Z', band: 'C' } })).toBe('自 01:00 起等待，应在 01:05 前回复。')
  expect(tell.fact({ code: 'held', values: { agent: 2, until: '2026-11-24T01:01:00Z' } })).toBe('为客户熟悉的 客服2 保留到 01:01。')
  expect(tell.fact({ code: 'brand_new', values: {} })).toContain('brand_new')
  locale.value = 'en'
  expect([1, 3].map(count => tell.fact({ code: 'agents_full', values: { count } }))).toEqual(['1 is full.', '3 are full.'])
})

it('tells a decision: the rule, the turn, the room, who would have been next and who was not asked', () => {
  const decision = {
    turn: { band: 'C', due_at: '2026-11-24T01:05:00Z', rank: 4 },
    room: { agent: 2, load: 3, capacity: 8, is_helper: false },
    next_turn: null,
    next_room: { agent: 3, load: 4, capacity: 8, is_helper: false },
    passed_over: [{ id: 4, reason: 'skill', of: '英语' }, { id: 5, reason: 'held', of: 2 }, { id: 6, reason: 'level', of: 1 }],
    passed_over_count: 3,
  }
  const given = { rule: 'free', reason: null, by: null, decision } as unknown as Assignment

  expect(tell.why(given)).toEqual([say('rule.free'), '时间还够（应在 01:05 前）：承诺早的先', '接待后负载 3/8', '其次会是 客服3（4/8）'])
  expect(tell.passedOver(decision)).toEqual([
    { who: '客服4', why: '缺少技能“英语”' },
    { who: '客服5', why: '为 客服2 保留着' },
    { who: '客服6', why: '不接待等级“VIP1”' },
  ])
})

it('tells who handed it over and with which words', () => {
  const given = { rule: 'direct', reason: '客户要开发票', by: { id: 2, name: '王敏' }, decision: {} } as unknown as Assignment
  expect(tell.why(given)).toEqual(['王敏 指定', '“客户要开发票”'])
})
