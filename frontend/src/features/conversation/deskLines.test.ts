import { expect, it } from 'vitest'
import { deskLineOf } from './deskLines'

const WANG = { id: 2, name: '王敏' }
const line = (kind: string, content: object = {}, author: typeof WANG | null = WANG) => deskLineOf({ kind, author, content: content as never }, ({ name }) => name)

it.each([
  ['taken', {}, '王敏 接入了会话'],
  ['assigned', { rule: 'sticky' }, '分配给 王敏：客户熟悉的客服'],
  ['assigned', { rule: 'brand_new' }, '分配给 王敏'],
  ['given_back', {}, '没有被接受，回到 王敏'],
  ['handed_over', {}, '王敏 转出了会话'],
  ['put_back', { ending: 'unanswered' }, '王敏 的会话回到队列：没有及时回复'],
  ['taken_over', {}, '王敏 接管了会话'],
  ['closed', {}, '王敏 结束了会话'],
])('tells %s %j', (kind, content, words) => {
  expect(line(kind, content)?.line).toBe(words)
})

it('shows what the one who did it wrote', () => {
  expect(line('handed_over', { message: '客户要开发票' })?.words).toBe('客户要开发票')
  expect(line('taken_over', { reason: '投诉升级' })?.words).toBe('投诉升级')
})

it('knows lines that nobody did, and leaves those of the customer to others', () => {
  expect(line('closed', {}, null)?.line).toBe('会话已结束')
  expect(line('abandoned', {}, null)?.line).toBe('客户放弃了等待，会话已结束')
  expect(line('scan')).toBeNull()
})
