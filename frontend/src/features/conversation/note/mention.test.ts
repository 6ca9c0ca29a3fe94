import type { Agent } from '@/api/types'
import { expect, it } from 'vitest'
import { asksFor, matching, mentionedIn, piecesOf } from './mention'

function agent(id: number, name: string, find: string, username = `agent${id}`): Agent {
  return { id, name, find, username, role: 'agent', version: 1 }
}

const WANG = agent(1, '王敏', 'wangmin wm')
const LI = agent(2, '李强', 'liqiang lq')
const MIN = agent(3, '王敏敏', 'wangminmin wmm')
const OTHER = agent(4, '李强', 'liqiang lq')
const ALL = [WANG, LI, MIN, OTHER]

it.each([
  ['@', '', 1],
  ['请@wa', 'wa', 4],
  ['请 @王敏 看', null, 7],
  ['发到 a@b', null, 6],
  ['@王 后面', '王', 2],
  ['没有', null, 2],
])('knows in %j who is being named', (text, typed, cursor) => {
  expect(asksFor(text, cursor)).toBe(typed)
})

it('finds by name, pinyin and initials, and never oneself', () => {
  expect(matching(ALL, 'wm', 0).map(({ id }) => id)).toEqual([1, 3])
  expect(matching(ALL, '敏', 0).map(({ id }) => id)).toEqual([1, 3])
  expect(matching(ALL, 'li', 2).map(({ id }) => id)).toEqual([4])
  expect(matching(ALL, '', 1)).toHaveLength(3)
  expect(matching(ALL, 'x', 0)).toEqual([])
})

it('names those whose whole name stands there', () => {
  const none = new Map<string, number>()
  expect(mentionedIn('@王敏 看一下', ALL, none)).toEqual([1])
  expect(mentionedIn('@王敏敏 看一下', ALL, none)).toEqual([3])
  expect(mentionedIn('@王敏敏 和 @王敏', ALL, none)).toEqual([3, 1])
  expect(mentionedIn('王敏 看一下', ALL, none)).toEqual([])
  expect(mentionedIn('@李强', ALL, none)).toEqual([2, 4])
  expect(mentionedIn('@李强', ALL, new Map([['李强', 4]]))).toEqual([4])
})

it('marks who is named', () => {
  expect(piecesOf('请 @王敏 和@李强看', ['王敏', '李强'])).toEqual([
    { text: '请 ', mention: false },
    { text: '@王敏', mention: true },
    { text: ' 和', mention: false },
    { text: '@李强', mention: true },
    { text: '看', mention: false },
  ])
  expect(piecesOf('a(b', [])).toEqual([{ text: 'a(b', mention: false }])
})
