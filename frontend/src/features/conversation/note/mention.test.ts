import type { AgentGroup } from '@/api/seats'
import type { Agent } from '@/api/types'
import { expect, it } from 'vitest'
import { asksFor, GROUPS_SHOWN, matching, mentionedIn, MOST_SHOWN, nameables, piecesOf } from './mention'

function agent(id: number, name: string, find: string, username = `agent${id}`): Agent {
  return { id, name, find, username, alias: '', picture: null, role: 'agent', version: 1 }
}

function group(id: number, name: string, find: string): AgentGroup {
  return { id, name, find } as AgentGroup
}

const AGENTS = [agent(1, '王敏', 'wangmin wm'), agent(2, '李强', 'liqiang lq'), agent(3, '王敏敏', 'wangminmin wmm'), agent(4, '李强', 'liqiang lq')]
const GROUPS = [group(1, '售后', 'shouhou sh'), group(2, '王牌', 'wangpai wp')]
const ALL = nameables(AGENTS, GROUPS, 0)

const keys = (found: ReturnType<typeof matching>) => found.map(({ kind, id }) => `${kind} ${id}`)
const matched = (typed: string, ownId = 0) => keys(matching(nameables(AGENTS, GROUPS, ownId), typed))
const mentioned = (text: string, chosen = new Map()) => keys(mentionedIn(text, ALL, chosen))

it.each([
  ['@', '', 1],
  ['请@wa', 'wa', 4],
  ['请 @王敏 看', null, 7],
  ['发到 a@b', null, 6],
  ['@王 后面', '王', 2],
  ['没有', null, 2],
  ['「王女士：在吗」\n@', '', 10],
])('knows in %j who is being named', (text, typed, cursor) => {
  expect(asksFor(text, cursor)).toBe(typed)
})

it('finds by name, pinyin and initials, and never oneself', () => {
  expect(matched('wm')).toEqual(['agent 1', 'agent 3'])
  expect(matched('敏')).toEqual(['agent 1', 'agent 3'])
  expect(matched('li', 2)).toEqual(['agent 4'])
  expect(matched('sh')).toEqual(['group 1'])
  expect(matched('wang')).toEqual(['agent 1', 'agent 3', 'group 2'])
  expect(matched('', 1)).toHaveLength(5)
  expect(matched('x')).toEqual([])
})

it('shows groups also where there are more colleagues than fit', () => {
  const many = nameables(Array.from({ length: 20 }, (_, at) => agent(at + 1, `同事${at}`, '')), GROUPS, 0)
  const crowd = nameables(AGENTS, Array.from({ length: 20 }, (_, at) => group(at + 1, `组${at}`, '')), 0)

  expect(keys(matching(many, ''))).toHaveLength(MOST_SHOWN)
  expect(keys(matching(many, '')).slice(-2).sort()).toEqual(['group 1', 'group 2'])
  expect(matching(crowd, '').filter(({ kind }) => kind === 'group').length).toBeGreaterThanOrEqual(GROUPS_SHOWN)
  expect(matching(crowd, '')).toHaveLength(MOST_SHOWN)
})

it('names those whose whole name stands there', () => {
  expect(mentioned('@王敏 看一下')).toEqual(['agent 1'])
  expect(mentioned('@王敏敏 看一下')).toEqual(['agent 3'])
  expect(mentioned('@王敏敏 和 @王敏')).toEqual(['agent 3', 'agent 1'])
  expect(mentioned('王敏 看一下')).toEqual([])
  expect(mentioned('@李强')).toEqual(['agent 2', 'agent 4'])
  expect(mentioned('@李强', new Map([['李强', ALL[3]!]]))).toEqual(['agent 4'])
  expect(mentioned('@售后 @王敏 都看一下')).toEqual(['agent 1', 'group 1'])
})

it('knows a group from a colleague of the same name by which was chosen', () => {
  const both = nameables([agent(9, '退款', 'tuikuan tk')], [group(9, '退款', 'tuikuan tk')], 0)
  expect(keys(mentionedIn('@退款', both, new Map()))).toEqual(['agent 9', 'group 9'])
  expect(keys(mentionedIn('@退款', both, new Map([['退款', both[1]!]])))).toEqual(['group 9'])
})

it('marks who is named', () => {
  expect(piecesOf('请 @王敏 和@售后看', ['王敏', '售后'])).toEqual([
    { text: '请 ', mention: false },
    { text: '@王敏', mention: true },
    { text: ' 和', mention: false },
    { text: '@售后', mention: true },
    { text: '看', mention: false },
  ])
  expect(piecesOf('a(b', [])).toEqual([{ text: 'a(b', mention: false }])
})
