import { expect, it } from 'vitest'
import { lineOf } from './lines'

const time = (moment: string): string => moment.slice(0, 10)

it('tells the result of a mass message, with its articles', () => {
  const content = { msg_id: '300', status: 'send success', total: 120, filtered: 118, sent: 117, failed: 1, articles: [[1, 'https://mp.weixin.qq.com/s?mid=1'], [2, 'javascript:alert(1)']] }
  expect(lineOf({ kind: 'mass_result', content }, time)).toEqual({
    text: '群发 300 完成：共 120 人，送达 117，失败 1',
    tone: 'plain',
    links: [{ label: '文章 1', url: 'https://mp.weixin.qq.com/s?mid=1' }],
  })
  expect(lineOf({ kind: 'mass_result', content: { msg_id: '301', status: 'err(20013)' } }, time)).toMatchObject({ text: '群发 301 没有成功：err(20013)', tone: 'bad' })
})

it('names the verification and until when it is valid', () => {
  expect(lineOf({ kind: 'verification', content: { what: 'naming', ok: true, until: '2027-11-24T00:00:00+00:00' } }, time)).toMatchObject({ text: '名称认证成功，有效期至 2027-11-24', tone: 'good' })
  expect(lineOf({ kind: 'verification', content: { what: 'expired', ok: false, at: '2026-11-24T00:00:00+00:00' } }, time)).toMatchObject({ tone: 'bad' })
})

it('says that an article is not out yet, and why it never will be', () => {
  expect([0, 1, 4].map(status => lineOf({ kind: 'published', content: { publish_id: '7', status } }, time).tone)).toEqual(['good', 'plain', 'bad'])
})

it('says who hands whom a session in WeChat’s own tool', () => {
  const content = { action: 'switched', kf_account: 'a@shop', to: 'b@shop' }
  expect(lineOf({ kind: 'native_session', content }, time).text).toBe('微信自带的客服工具里，会话从 a@shop 转给 b@shop')
})

it('tells what it does not know by its name', () => {
  expect(lineOf({ kind: 'brand_new', content: {} }, time)).toEqual({ text: '事件 brand_new', tone: 'plain', links: [] })
})
