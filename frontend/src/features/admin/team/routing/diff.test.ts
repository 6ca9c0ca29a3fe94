import type { DeskWords } from '../deskWords'
import type { PlanDoc, Route } from '@/api/team'
import { expect, it } from 'vitest'
import { changesOf } from './diff'
import { blankRoute, faultsOf, isSame } from './plan'
import { conditionText, resultText } from './say'

const WORDS = { accounts: [{ id: 1, name: '微光' }], levels: [{ id: 3, name: 'VIP1' }], groups: [{ id: 2, name: '售后' }], calendars: [{ id: 4, name: '白天' }], tags: [{ id: 9, name: '老客户' }] } as unknown as DeskWords
const PLAN: PlanDoc = { routes: [], accept_seconds: null, exclude_seconds: 300, ration: 10, familiar_days: 7, whole_desk: true, pull: 'any', blind: false, rests_after_seconds: 300, answer_seconds: 60, suspect_seconds: 30, lost_seconds: 120, return_seconds: 180, close_after_seconds: null, wrap_up_seconds: null }

const route = (name: string, more: Partial<Route> = {}): Route => ({ ...blankRoute(), name, ...more })
const plan = (...routes: Route[]): PlanDoc => ({ ...PLAN, routes })
const changes = (before: PlanDoc, after: PlanDoc) => changesOf(before, after, WORDS)

it('says what a rule asks for and where it leads', () => {
  const rule = route('退款', { words: ['退款', '退货'], level_ids: [3], hours: 'open', calendar_id: 4, group_id: 2, required: { 英语: 3 } })
  expect(conditionText(rule, WORDS)).toBe('消息含“退款”或“退货”，等级是 VIP1，在“白天”的时间内')
  expect(resultText(rule, WORDS)).toBe('技能组“售后”，必须会英语（3 以上）')
  expect(conditionText(route('其他'), WORDS)).toBe('所有客户')
})

it('says nothing of plans that are the same', () => {
  expect(changes(plan(route('一')), plan(route('一')))).toEqual([])
})

it('tells a rule that came, one that went, and one that is called otherwise', () => {
  expect(changes(plan(route('一')), plan(route('一'), route('二', { group_id: 2 })))).toEqual(['新增规则“二”：所有客户 → 技能组“售后”'])
  expect(changes(plan(route('一'), route('二')), plan(route('二')))).toEqual(['删除规则“一”'])
  expect(changes(plan(route('一')), plan(route('壹')))).toEqual(['规则“一”改名为“壹”'])
})

it('tells only the one that was moved', () => {
  expect(changes(plan(route('一'), route('二'), route('三')), plan(route('三'), route('一'), route('二')))).toEqual(['规则“三”从第 3 位移到第 1 位'])
})

it('tells what a rule asks for now, and settings before and after', () => {
  const before = { ...plan(route('一', { words: ['退'] })), accept_seconds: null }
  const after = { ...plan(route('一', { words: ['退款'], enabled: false })), accept_seconds: 20, blind: true }
  expect(changes(before, after)).toEqual([
    '停用规则“一”',
    '规则“一”的条件：消息含“退” → 消息含“退款”',
    '接受方式：自动接入 → 20 秒',
    '盲接：关 → 开',
  ])
})

it('knows what is out of bounds', () => {
  expect(faultsOf(PLAN)).toEqual([])
  expect(faultsOf({ ...PLAN, accept_seconds: 2, ration: 1 })).toEqual(['accept_seconds', 'ration'])
  expect(faultsOf({ ...PLAN, suspect_seconds: 200 })).toEqual(['suspect_seconds'])
})

it('does not mind the order of keys, nor what is null', () => {
  expect(isSame({ a: 1, b: null, c: { x: 1, y: 2 } }, { c: { y: 2, x: 1 }, a: 1 })).toBe(true)
  expect(isSame({ a: [1, 2] }, { a: [2, 1] })).toBe(false)
})
