import type { QuickReply } from '@/api/quickReplies'
import { expect, it } from 'vitest'
import { filled, found, holesIn, treeOf } from './quickReply'

function reply(id: number, title: string, find: string, more: Partial<QuickReply> = {}): QuickReply {
  return { id, title, find, text: `${title}的话`, folder: '', scope: 'public', group_id: null, used: 0, last_used_at: null, version: 1, ...more }
}

const REFUND = reply(1, '退款说明', 'tuikuanshuoming tksm', { text: '{称呼}，订单 {订单号} 的退款已提交。', folder: '售后/退款' })
const SHIP = reply(2, '发货时间', 'fahuoshijian fhsj', { used: 9 })
const HELLO = reply(3, '问好', 'wenhao wh', { folder: '售后' })
const ALL = [REFUND, SHIP, HELLO]
const ids = (typed: string): number[] => found(ALL, typed).map(({ id }) => id)

it('finds by title, pinyin, initials, folder and text', () => {
  expect(ids('退款')).toEqual([1])
  expect(ids('fahuo')).toEqual([2])
  expect(ids('WH')).toEqual([3])
  expect(ids('shijian')).toEqual([2])
  expect(ids('售后')).toEqual([1, 3])
  expect(ids('已提交')).toEqual([1])
  expect(ids('没有')).toEqual([])
})

it('shows what is used most where nothing is typed', () => {
  expect(ids('')[0]).toBe(2)
})

it('fills in what is known, and tells what is left of its own holes only', () => {
  const text = filled(REFUND.text, { 称呼: '王女士' })
  expect(text).toBe('王女士，订单 {订单号} 的退款已提交。')
  expect(holesIn(`${text} {code}`, ALL)).toEqual(['{订单号}'])
})

it('makes a tree of folders', () => {
  const tree = treeOf(ALL)
  expect(tree.replies.map(({ id }) => id)).toEqual([2])
  expect(tree.folders.map(({ name }) => name)).toEqual(['售后'])
  expect(tree.folders[0]!.folders.map(({ path }) => path)).toEqual(['售后/退款'])
  expect(tree.folders[0]!.replies.map(({ id }) => id)).toEqual([3])
})
