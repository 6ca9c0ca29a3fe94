import type { ShownMessage } from '@/stores/messages'
import { afterEach, expect, it } from 'vitest'
import { locale } from '@/i18n'
import { happeningOf } from './events'
import { journeyOf } from './journey'

afterEach(() => { locale.value = 'zh-CN' })

let last = 0

function happened(kind: string, content = {}, direction = 'system'): ShownMessage {
  return { id: ++last, direction, kind, content, text: '' } as unknown as ShownMessage
}

it('is what the customer did, without what they wrote and what the desk did', () => {
  const all = [happened('subscribe'), happened('text', {}, 'in'), happened('taken'), happened('payment', { order_id: '7' }), happened('native_session'), happened('closed')]

  expect(journeyOf(all).map(({ kind }) => kind)).toEqual(['subscribe', 'payment'])
})

it.each([
  ['subscribe', {}, '关注了公众号', '关注'],
  ['subscribe', { scene: 'qrscene_7', scene_name: '保修卡' }, '扫码“保修卡”关注了公众号', '扫码关注：保修卡'],
  ['subscribe', { trade_no: '42' }, '付款后关注了公众号', '关注'],
  ['unsubscribe', {}, '取消关注了公众号', '取消关注'],
  ['scan', { scene: '9', scene_name: '' }, '扫了二维码“9”', '扫码：9'],
  ['menu_click', { key: 'V1', name: '售后' }, '点了菜单“售后”', '菜单：售后'],
  ['menu_click', { key: 'V1' }, '点了菜单“V1”', '菜单：V1'],
  ['menu_pictures', { source: 'sysphoto', count: 2 }, '从菜单拍了 2 张照片', '选图 2 张'],
  ['payment', { order_id: 'SG-1' }, '支付了订单 SG-1', '支付'],
  ['complaint', { stage: 'request' }, '提交了维权', '维权'],
  ['complaint', { stage: 'confirm' }, '确认维权已解决', '维权解决'],
  ['consent', { answers: [{ accepted: true }, { accepted: false }] }, '同意 1 种、拒绝 1 种通知', '通知授权'],
  ['notice', { results: [{ errcode: 43101 }] }, '订阅通知没有送达（43101）', '订阅通知'],
  ['card', { event: 'user_get_card' }, '领取了卡券', '卡券'],
  ['card', { event: 'user_new_thing' }, '卡券：user_new_thing', '卡券'],
  ['event', { raw_kind: 'wx_verify_pay_succ' }, '发生了事件 wx_verify_pay_succ', 'wx_verify_pay_succ'],
  ['of_a_newer_desk', {}, '发生了事件 of_a_newer_desk', 'of_a_newer_desk'],
])('tells %s %j', (kind, content, line, short) => {
  expect(happeningOf(happened(kind, content))).toMatchObject({ line, short })
})

it('counts in English as English does', () => {
  locale.value = 'en'

  expect(happeningOf(happened('menu_pictures', { source: 'weixin', count: 1 })).line).toBe('Chose 1 picture from the menu')
  expect(happeningOf(happened('menu_pictures', { source: 'weixin', count: 3 })).line).toBe('Chose 3 pictures from the menu')
})
