import { beforeEach, expect, it, vi } from 'vitest'
import { Desk } from '../../dev/desk'
import { SAVE_AFTER_MS, useDrafts } from './drafts'
import { useSession } from './session'

let desk: Desk
let asked: ReturnType<typeof vi.fn>

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  desk = new Desk()
  desk.me = desk.agent('周小雨')
  desk.now = Date.now
  asked = vi.fn(desk.fetch)
  vi.stubGlobal('fetch', asked)
  await useSession().ask()
})

function saved(): unknown[] {
  return asked.mock.calls.filter(([, init]) => init?.method === 'PUT').map(([, init]) => JSON.parse(String(init.body)).text)
}

it('saves half a second after the last letter, and at once when it is empty', async () => {
  const drafts = useDrafts()
  drafts.keep(7, '您')
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS - 1)
  drafts.keep(7, '您好')
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS - 1)
  expect(saved()).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(saved()).toEqual(['您好'])

  drafts.keep(7, '')
  await vi.advanceTimersByTimeAsync(0)
  expect(saved()).toEqual(['您好', ''])
})

it('keeps the modes apart', async () => {
  const drafts = useDrafts()
  drafts.keep(7, '给客户')
  drafts.keep(7, '给同事', 'note')
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS)

  expect([drafts.of(7), drafts.of(7, 'note')]).toEqual(['给客户', '给同事'])
  expect([...desk.drafts.values()].map(({ mode, text }) => [mode, text])).toEqual([['reply', '给客户'], ['note', '给同事']])
})

it('takes what another screen wrote later, and not what it wrote before', () => {
  const drafts = useDrafts()
  drafts.keep(7, '这里')
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString()

  drafts.take(desk.draft(7, { mode: 'reply', text: '旧', written_at: at(-5000) }))
  expect(drafts.of(7)).toBe('这里')
  drafts.take(desk.draft(7, { mode: 'reply', text: '新', written_at: at(5000) }))
  expect(drafts.of(7)).toBe('新')
})

it('saves what did not reach the desk once the line is back, and forgets what the desk has forgotten', async () => {
  const drafts = useDrafts()
  drafts.keep(8, '发过了')
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS)
  desk.fault = () => { throw new TypeError('no network') }
  drafts.keep(7, '离线写的')
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS)
  desk.drafts.clear()
  desk.fault = () => {}

  await drafts.load()
  await vi.advanceTimersByTimeAsync(0)

  expect([drafts.of(7), drafts.of(8)]).toEqual(['离线写的', ''])
  expect([...desk.drafts.values()].map(({ text }) => text)).toEqual(['离线写的'])
})

it('gives up what the desk does not want, and shows it still', async () => {
  const drafts = useDrafts()
  desk.fault = () => ({ status: 404, code: 'not_found' })
  drafts.keep(7, '没处放')
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS)
  desk.fault = (method, path) => path === '/api/drafts' ? undefined : { status: 404, code: 'not_found' }
  const before = saved().length
  await useDrafts().load().catch(() => {})

  expect(saved()).toHaveLength(before)
})

it('reads what was kept before the desk kept drafts, and lets the desk have it', async () => {
  localStorage.setItem(`wxdesk:draft:${desk.me!.id}:7`, JSON.stringify('从前写的'))
  const drafts = useDrafts()
  expect(drafts.of(7)).toBe('从前写的')

  await drafts.load()
  await vi.advanceTimersByTimeAsync(0)

  expect(saved()).toEqual(['从前写的'])
})
