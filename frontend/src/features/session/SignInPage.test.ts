import { fireEvent, render, screen } from '@testing-library/vue'
import { beforeEach, expect, it, vi } from 'vitest'
import { useSession } from '@/stores/session'
import { Desk } from '../../../dev/desk'
import SignInPage from './SignInPage.vue'

let desk: Desk

beforeEach(() => {
  desk = new Desk()
  desk.agent('周小雨', 'agent', 'xiaoyu')
  vi.stubGlobal('fetch', desk.fetch)
})

async function signIn(password = 'right'): Promise<void> {
  await fireEvent.update(screen.getByLabelText('账号'), 'xiaoyu')
  await fireEvent.update(screen.getByLabelText('密码'), password)
  await fireEvent.click(screen.getByRole('button', { name: '登录' }))
}

function refuse(status: number, code: string, facts = {}): void {
  desk.fault = method => method === 'POST' ? { status, code, facts } : undefined
}

it('signs in', async () => {
  render(SignInPage)
  await signIn()

  await vi.waitFor(() => expect(useSession()).toMatchObject({ standing: 'in', agent: { name: '周小雨' } }))
})

it('tells that the password was wrong, and not which of both', async () => {
  render(SignInPage)
  await signIn('wrong')

  expect((await screen.findByRole('alert')).textContent).toContain('账号或密码不对')
})

it('counts down after too many tries, and then lets one try again', async () => {
  vi.useFakeTimers()
  refuse(429, 'too_many_tries', { retry_after_seconds: 3 })
  render(SignInPage)
  await signIn()
  await vi.advanceTimersByTimeAsync(1_000)

  expect(screen.getByRole('alert').textContent).toContain('2 秒')
  expect(screen.getByRole('button', { name: '登录' })).toHaveProperty('disabled', true)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(screen.queryByRole('alert')).toBeNull()
  expect(screen.getByRole('button', { name: '登录' })).toHaveProperty('disabled', false)
})

it('tells until when the account is locked', async () => {
  refuse(403, 'sign_in_locked', { until: new Date(2026, 10, 24, 15, 30).toISOString() })
  render(SignInPage)
  await signIn()

  expect((await screen.findByRole('alert')).textContent).toContain('15:30')
})

it('tells that the service cannot be reached, and tries again by itself', async () => {
  vi.useFakeTimers()
  desk.fault = () => { throw new TypeError('no network') }
  await useSession().ask()
  render(SignInPage)
  expect(screen.getByText('连不上服务，正在重试…')).toBeTruthy()

  desk.fault = () => {}
  await vi.advanceTimersByTimeAsync(3_000)

  expect(screen.getByText('服务正常')).toBeTruthy()
})

it('says in a demo where the passwords are', async () => {
  await useSession().ask()
  render(SignInPage)

  expect(screen.getByText(/已打印在启动它的终端里/)).toBeTruthy()
})
