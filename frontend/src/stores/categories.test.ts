import type { Category } from '@/api/summaries'
import { expect, it } from 'vitest'
import { choicesOf, chosenBy, pathText } from './categories'

const category = (id: number, name: string, find: string, parent: number | null = null): Category => ({ id, name, find, parent_id: parent, version: 1 })
const ALL = [
  category(1, '售后', 'shouhou sh'),
  category(2, '退款', 'tuikuan tk', 1),
  category(3, '物流', 'wuliu wl', 1),
  category(4, '丢件', 'diujian dj', 3),
  category(5, '咨询', 'zixun zx'),
]
const found = (typed: string) => chosenBy(choicesOf(ALL), typed).map(({ path }) => pathText(path))

it('offers what nothing below says more exactly, in the order of the tree', () => {
  expect(found('')).toEqual(['售后 › 退款', '售后 › 物流 › 丢件', '咨询'])
})

it('finds by name, pinyin and initials, of those above as well', () => {
  expect(found('tk')).toEqual(['售后 › 退款'])
  expect(found('shouhou')).toEqual(['售后 › 退款', '售后 › 物流 › 丢件'])
  expect(found('sh dj')).toEqual(['售后 › 物流 › 丢件'])
  expect(found('没有')).toEqual([])
})

it('puts those first whose own name it is', () => {
  const all = [category(1, '退款', 'tuikuan tk'), category(2, '进度', 'jindu jd', 1), category(3, '退款难', 'tuikuannan tkn')]
  expect(chosenBy(choicesOf(all), '退款').map(({ id }) => id)).toEqual([3, 2])
})
