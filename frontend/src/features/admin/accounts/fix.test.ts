import { expect, it } from 'vitest'
import { fixOf } from './fix'

function told(name: string, detail: string): string {
  return fixOf({ name, ok: false, detail, fix: 'in the words of the desk' })
}

it('knows what to do by the number that WeChat gave', () => {
  expect(told('token', 'WeChat refuses (40164 invalid ip 1.2.3.4, not in whitelist)')).toContain('白名单')
  expect(told('menu', '48001 api unauthorized')).toContain('接口权限')
})

it('knows what to do by what was checked, where there is no number', () => {
  expect(told('callback', 'http://desk.example/wechat/shop answers 502')).toContain('WXDESK_PUBLIC_URL')
  expect(told('brand_new', 'no answer')).toBe('微信可能繁忙，过一会儿再检查。')
})
