import type { Form, FormKind } from './wordings'
import { expect, it } from 'vitest'
import { faultOf, FORM_KINDS, FORMS } from './forms'
import { emptyForm, formWording } from './wordings'

const THUMB = { id: 3, state: 'ready' } as Form['thumb']

const WELL: Record<FormKind, Partial<Form>> = {
  news: { title: '保养指南', description: '怎样避免开裂', url: 'https://example.com/care', picture_url: 'https://example.com/care.jpg' },
  music: { title: '门店歌单', description: '轻音乐', url: 'https://example.com/a.mp3', thumb: THUMB },
  miniprogrampage: { title: '我的订单', app_id: 'wx0123456789abcdef', page_path: 'pages/order', thumb: THUMB },
  mpnewsarticle: { article_id: 'Ab_cd-1' },
  msgmenu: { lines: ['物流进度', ''] },
  wxcard: { card_id: 'pFS7Fj' },
}

function faults(kind: FormKind, written: Partial<Form>): string[] {
  const form = { ...emptyForm(), ...written }
  return FORMS[kind].fields.filter(field => faultOf(field, form)).map(({ key }) => key)
}

it.each(FORM_KINDS)('takes a %s that is well', (kind) => {
  expect(faults(kind, WELL[kind])).toEqual([])
})

it.each(FORM_KINDS)('names what an empty %s lacks', (kind) => {
  expect(faults(kind, {})).toEqual(FORMS[kind].fields.filter(({ optional }) => !optional).map(({ key }) => key))
})

it.each([
  ['news', { url: 'example.com' }, 'url'],
  ['news', { picture_url: 'javascript:alert(1)' }, 'picture_url'],
  ['music', { hq_url: 'ftp://example.com/a' }, 'hq_url'],
  ['miniprogrampage', { app_id: 'wx12' }, 'app_id'],
  ['mpnewsarticle', { article_id: '文章' }, 'article_id'],
] as const)('refuses a %s with %j', (kind, wrong, key) => {
  expect(faults(kind, { ...WELL[kind], ...wrong })).toEqual([key])
})

it('asks for a menu without its empty lines, each with a number of its own', async () => {
  const saying = await formWording('msgmenu', { ...emptyForm(), head: ' 您想了解什么？ ', lines: [' 物流进度 ', '', '安装预约'] }).saying()

  expect(saying).toEqual({ kind: 'msgmenu', head: '您想了解什么？', items: [{ id: '1', content: '物流进度' }, { id: '2', content: '安装预约' }], tail: '' })
})

it('asks by the number of the cover and shows the cover itself', async () => {
  const wording = formWording('miniprogrampage', { ...emptyForm(), ...WELL.miniprogrampage })

  expect(wording.content).toMatchObject({ thumb: THUMB })
  expect(await wording.saying()).toMatchObject({ kind: 'miniprogrampage', thumb: 3 })
})
