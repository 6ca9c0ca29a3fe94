import type { AnswerRule } from '@/api/admin'
import { expect, it } from 'vitest'
import { blankDraft, draftOf, isReady, linesOf, moved, wishOf, withDraft } from './draft'
import { blankOf, isComplete, itemsOf, itemsText, KINDS, missingOf, shortOf } from './said'

const RULE: AnswerRule = { ...wishOf(blankDraft()), id: 7, version: 3, name: '欢迎', answers: [{ kind: 'text', text: '您好' }] }

it('takes what is written line by line, each once', () => {
  expect(linesOf(' 退款\n\n退货 \n退款')).toEqual(['退款', '退货'])
})

it('is ready once it has a name, its words and something to say', () => {
  const draft = { ...draftOf(RULE), name: ' ' }
  expect(isReady(draft)).toBe(false)
  expect(isReady({ ...draft, name: 'a' })).toBe(true)
  expect(isReady({ ...draft, name: 'a', cause: 'keyword' })).toBe(false)
  expect(isReady({ ...draft, name: 'a', cause: 'keyword', words: ['x'] })).toBe(true)
  expect(isReady({ ...draft, name: 'a', answers: [blankOf('text')] })).toBe(false)
})

it('forgets words that its trigger does not ask for', () => {
  expect(wishOf({ ...draftOf(RULE), words: ['x'] }).words).toEqual([])
})

it('is tried in its place, and a new one behind all others', () => {
  const other = { ...RULE, id: 8 }
  expect(withDraft([RULE, other], { ...draftOf(RULE), name: '新' }).map(({ id, name }) => [id, name])).toEqual([[7, '新'], [8, '欢迎']])
  expect(withDraft([RULE], blankDraft()).map(({ id }) => id)).toEqual([7, null])
})

it('moves by one place and no further', () => {
  expect(moved([1, 2, 3], 2, -1)).toEqual([2, 1, 3])
  expect(moved([1, 2, 3], 2, 1)).toEqual([1, 3, 2])
  expect(moved([1, 2, 3], 3, 1)).toEqual([1, 2, 3])
})

it('knows what each kind still needs', () => {
  for (const kind of Object.keys(KINDS)) expect(isComplete(blankOf(kind))).toBe(false)
  expect(missingOf(blankOf('video'))).toEqual(['media'])
  expect(missingOf(blankOf('music'))).toEqual(['title', 'description', 'url', 'thumb'])
  expect(missingOf({ kind: 'image', media: 3 })).toEqual([])
  expect(shortOf({ kind: 'mpnewsarticle', article_id: 'A1' })).toBe('A1')
})

it('does not take what the desk would refuse', () => {
  const card = (url: string) => isComplete({ kind: 'news', title: '新品', description: '春季', url, picture_url: 'https://a.example/p.png' })
  expect(card('https://a.example/x')).toBe(true)
  expect(['a.example/x', 'javascript:alert(1)', 'https://a.example/春'].filter(card)).toEqual([])
  expect(isComplete({ kind: 'wxcard', card_id: 'p 1' })).toBe(false)
})

it('reads the lines of a menu with their numbers, or gives them', () => {
  const items = [{ id: '1', content: '查快递' }, { id: 'b2', content: '找 人工' }]
  expect(itemsOf('1 查快递\n\nb2 找 人工')).toEqual(items)
  expect(itemsOf('查快递')).toEqual([{ id: '1', content: '查快递' }])
  expect(itemsOf(itemsText(items))).toEqual(items)
})
