import type { Draft } from './buttons'
import { expect, it } from 'vitest'
import { buttonOf, draftOf, emptyDraft, moved, problemsOf, SUB } from './buttons'

function draft(more: Partial<Draft>): Draft {
  return { ...emptyDraft(), name: '联系客服', key: 'desk', ...more }
}

function codes(...buttons: Draft[]): string[] {
  return problemsOf(buttons).map(({ code }) => code)
}

it('finds nothing wrong with a menu that WeChat takes', () => {
  const below = draft({ type: 'view', name: '官网', url: 'https://example.com' })
  expect(codes(draft({}), draft({ type: SUB, name: '更多', sub: [below] }))).toEqual([])
})

it('counts the bytes of a name: 16 above, 60 below', () => {
  const six = '六个汉字太长'
  expect(problemsOf([draft({ name: six })])).toMatchObject([{ code: 'name_too_long', field: 'name', limit: 16 }])
  expect(codes(draft({ type: SUB, sub: [draft({ name: six })] }))).toEqual([])
  expect(codes(draft({ name: '五个汉字长' }))).toEqual([])
})

it('asks each type for its own fields', () => {
  expect(codes(draft({ name: '', key: ' ' }))).toEqual(['name_missing', 'key_missing'])
  expect(codes(draft({ type: 'view' }))).toEqual(['url_missing'])
  expect(codes(draft({ type: 'miniprogram' }))).toEqual(['app_id_missing', 'page_path_missing', 'url_missing'])
  expect(codes(draft({ type: 'media_id' }), draft({ type: 'article_id' }))).toEqual(['media_id_missing', 'article_id_missing'])
  expect(codes(draft({ type: 'view', url: 'example.com' }))).toEqual(['url_bad'])
  expect(codes(draft({ type: 'view', url: `https://${'a'.repeat(1_017)}` }))).toEqual(['url_too_long'])
  expect(codes(draft({ type: SUB }))).toEqual(['sub_missing'])
})

it('says of which button each is, and looks below only those that open', () => {
  const bad = draft({ name: '' })
  expect(problemsOf([draft({ type: SUB, sub: [draft({}), bad] })])).toMatchObject([{ id: bad.id }])
  expect(codes(draft({ sub: [bad] }))).toEqual([])
})

it('publishes what the type needs, and keeps the rest for when the type is changed back', () => {
  const one = draft({ url: 'https://example.com', sub: [draft({})] })
  expect(buttonOf(one)).toEqual({ type: 'click', name: '联系客服', key: 'desk', sub: [] })
  expect(buttonOf({ ...one, type: 'view' })).toEqual({ type: 'view', name: '联系客服', url: 'https://example.com', sub: [] })
  expect(buttonOf({ ...one, type: SUB })).toEqual({ name: '联系客服', sub: [{ type: 'click', name: '联系客服', key: 'desk' }] })
})

it('reads a menu and gives it back unchanged, also a type it does not know', () => {
  const menu = [{ name: '更多', sub: [{ type: 'click', name: '一', key: 'one' }] }, { type: 'brand_new', name: '二', key: 'two', url: 'x', sub: [] }]
  expect(menu.map(draftOf).map(buttonOf)).toEqual(menu)
})

it('moves within the row and no further', () => {
  const [one, two] = [draft({}), draft({})]
  expect(moved([one, two], two.id, -1)).toEqual([two, one])
  expect(moved([one, two], two.id, 1)).toEqual([one, two])
})
