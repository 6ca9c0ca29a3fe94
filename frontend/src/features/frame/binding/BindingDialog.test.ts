import type { OwnBinding } from '@/api/bindings'
import { fireEvent, render, screen } from '@testing-library/vue'
import { beforeEach, expect, it, vi } from 'vitest'
import BindingDialog from './BindingDialog.vue'

const SHOP = { id: 1, name: '微光生活馆', login_url: 'https://desk.example.com/wechat-login/shop' }
const BOUND = { id: 5, agent: { id: 2, name: '李华' }, account: SHOP, bound_at: '2026-11-24T01:00:00Z' }
const CODE = { id: 3, account_id: 1, url: 'http://weixin.qq.com/q/x', state: 'open' as const }

/** It looks every two seconds. */
const PATIENCE = { timeout: 4000 }
let own: OwnBinding
let lastsMs: number
const asked: string[] = []

/** The far end of the wire. */
async function answer(path: string, { method = 'GET' }: RequestInit = {}): Promise<Response> {
  asked.push(`${method} ${path}`)
  if (path === '/api/binding/codes') {
    own = { ...own, code: { ...CODE, expires_at: new Date(Date.now() + lastsMs).toISOString() } }
    return Response.json(own.code, { status: 201 })
  }
  if (method === 'DELETE') own = { ...own, binding: null }
  return Response.json(own)
}

beforeEach(() => {
  asked.length = 0
  lastsMs = 600_000
  own = { binding: null, code: null, accounts: [SHOP] }
  vi.stubGlobal('fetch', answer)
})

it('shows a code, and tells when it was scanned', async () => {
  render(BindingDialog)
  await fireEvent.click(await screen.findByRole('button', { name: '生成二维码' }))
  expect((await screen.findByRole('img', { name: '绑定微信的二维码' })).getAttribute('src')).toBe('/api/binding/codes/3/picture')

  own = { ...own, binding: BOUND, code: { ...own.code!, state: 'used' } }

  expect(await screen.findByText('已绑定「微光生活馆」', {}, PATIENCE)).toBeTruthy()
  expect(screen.getByText(SHOP.login_url)).toBeTruthy()
})

it('says that a code has expired as soon as its time is over, and makes a new one', async () => {
  lastsMs = 100
  render(BindingDialog)
  await fireEvent.click(await screen.findByRole('button', { name: '生成二维码' }))

  expect(await screen.findByText('二维码已失效', {}, PATIENCE)).toBeTruthy()
  lastsMs = 600_000
  await fireEvent.click(screen.getByRole('button', { name: '重新生成' }))
  expect(await screen.findByRole('img')).toBeTruthy()
})

it('unbinds only after it has said what follows', async () => {
  own = { ...own, binding: BOUND }
  render(BindingDialog)
  await fireEvent.click(await screen.findByRole('button', { name: '解绑' }))
  expect(screen.getByRole('alert').textContent).toContain('普通粉丝')
  expect(asked).not.toContain('DELETE /api/binding')

  await fireEvent.click(screen.getByRole('button', { name: '确认解绑' }))

  expect(await screen.findByRole('button', { name: '生成二维码' })).toBeTruthy()
  expect(asked).toContain('DELETE /api/binding')
})
