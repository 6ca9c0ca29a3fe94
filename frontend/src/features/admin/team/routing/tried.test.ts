import type { RoutingTried } from '@/api/team'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { has } from '@/i18n/admin'
import { othersOf, roomText } from './tried'

const SOURCE = readFileSync(join(import.meta.dirname, '../../../../../../src/wxdesk/desk/routing/eligible.py'), 'utf8')
const REASONS = [...SOURCE.split('class Obstacle')[0]!.matchAll(/^ {4}[A-Z]+ = "(\w+)"/gm)].map(([, reason]) => reason!)
const LEVELS = { levels: [{ rank: 2, name: 'VIP2' }] } as unknown as Parameters<typeof othersOf>[1]

function tried(decision: Partial<RoutingTried['decision']>): RoutingTried {
  return { agents: [{ id: 1, name: '王敏' }, { id: 2, name: '李华' }], decision: { rule: 'free', room: null, next_room: null, held_until: null, passed_over: [], passed_over_count: 0, ...decision } } as unknown as RoutingTried
}

it('has words for every reason of the desk', () => {
  expect(REASONS).toContain('foreign')
  expect(REASONS.filter(reason => !has(`routing.reasons.${reason}`))).toEqual([])
})

it('names who would have it, or says that it waits', () => {
  const room = { agent: 1, load: 3, capacity: 4, is_helper: false }
  expect(roomText(tried({ room }))).toBe('王敏（接完是 3/4）')
  expect(roomText(tried({ room, rule: 'sticky' }))).toContain('客户熟悉的客服')
  expect(roomText(tried({ rule: 'nobody' }))).toBe('现在没有人能接，先排队')
})

it('tells of everybody else what stands in the way', () => {
  const passed_over = [{ id: 2, reason: 'level', of: 2 }, { id: 2, reason: 'held', of: 1 }, { id: 2, reason: 'brand_new', of: null }]
  expect(othersOf(tried({ passed_over, passed_over_count: 5 }), LEVELS)).toEqual([
    { name: '李华', why: '不接待等级“VIP2”' },
    { name: '李华', why: '这位客户留给王敏' },
    { name: '李华', why: 'brand_new' },
    { name: '', why: '还有 2 人没有列出' },
  ])
})
