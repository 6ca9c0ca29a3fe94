import { expect, it } from 'vitest'
import { emojiOf, findEmoji, piecesOf, readable, UNICODE, WECHAT } from './emoji'

it('reads what WeChat writes, in either way', () => {
  expect(readable('好的[微笑]谢谢/::)')).toBe('好的🙂谢谢🙂')
  expect(readable('/::-O困/:<W>')).toBe('🥱困🍉')
  expect(readable('/:,@-D/:,@o')).toBe('😊😤')
})

it('leaves what is no code of WeChat\'s as it is', () => {
  expect(readable('[订单] http://a.cn/::x [微 笑] 1/:2')).toBe('[订单] http://a.cn/::x [微 笑] 1/:2')
})

it('keeps the name of what Unicode has no picture of', () => {
  expect(readable('/:dig[社会社会]')).toBe('[抠鼻][社会社会]')
  expect(piecesOf('[抠鼻]')).toEqual([{ text: '[抠鼻]', name: '抠鼻', glyph: null }])
})

it('takes a text apart without losing any of it', () => {
  const text = '亲[玫瑰]\n在吗/:?'
  expect(piecesOf(text).map(({ text }) => text).join('')).toBe(text)
  expect(piecesOf(text).map(({ name }) => name)).toEqual([undefined, '玫瑰', undefined, '疑问'])
  expect(piecesOf('')).toEqual([{ text: '' }])
})

it('finds by name, pinyin and initials, what begins so first', () => {
  expect(findEmoji(WECHAT, '微')[0]!.code).toBe('[微笑]')
  expect(findEmoji(WECHAT, 'wx')[0]!.code).toBe('[微笑]')
  expect(findEmoji(WECHAT, 'meigui')[0]!.code).toBe('[玫瑰]')
  expect(findEmoji(WECHAT, 'ku')[0]!.name).toBe('酷')
  expect(findEmoji(UNICODE, 'songhuo')[0]!.code).toBe('🚚')
  expect(findEmoji(WECHAT, 'zzzz')).toEqual([])
})

it('has each code once', () => {
  const codes = [...WECHAT, ...UNICODE].map(({ code }) => code)
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([])
})

it('remembers what was used, and forgets what there is no more', () => {
  expect(emojiOf(['[玫瑰]', '🚚', '[不在了]']).map(({ name }) => name)).toEqual(['玫瑰', '送货'])
})
