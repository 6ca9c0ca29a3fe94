import type { Draft, ShownMessage } from './messages'
import type { Conversation } from '@/api/types'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { sendWaiting } from '@/realtime/sending'
import { Desk } from '../../dev/desk'
import { useClock } from './clock'
import { useConnection } from './connection'
import { useMessages } from './messages'
import { ASK_AFTER_MS, useOutbox } from './outbox'
import { useSession } from './session'

let desk: Desk
let talk: Conversation
let other: Conversation
let leading: AbortController

beforeEach(async () => {
  localStorage.clear()
  desk = new Desk()
  desk.me = desk.agent('周小雨')
  talk = desk.assign(desk.write(desk.contact(), '在吗').conversation_id, desk.me)
  other = desk.assign(desk.write(desk.contact(), '你好').conversation_id, desk.me)
  vi.stubGlobal('fetch', vi.fn(desk.fetch))
  await open()
})

afterEach(() => leading.abort())

/** A page of the same browser, as if the one before had been closed. */
async function open(): Promise<void> {
  leading?.abort()
  setActivePinia(createPinia())
  await useSession().ask()
  leading = new AbortController()
  sendWaiting(leading.signal)
}

function online(): void {
  useConnection().set('live')
}

function shown(): ShownMessage[] {
  return useMessages().of(talk.id)
}

function said(id = talk.id): string[] {
  return [...desk.messages.values()].filter(one => one.conversation_id === id && one.direction === 'out').map(({ text }) => text)
}

async function writeOffline(...texts: string[]): Promise<void> {
  useConnection().set('offline')
  for (const text of texts) {
    await useMessages().reply(talk.id, text)
    vi.setSystemTime(Date.now() + 1_000)
  }
}

it('waits where there is no network, and leaves in order when there is', async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
  await writeOffline('一', '二', '三')
  expect(shown().map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting'])
  expect(fetch).toHaveBeenCalledTimes(1) // who is signed in

  online()

  await vi.waitFor(() => expect(said()).toEqual(['一', '二', '三']))
  await vi.waitFor(() => expect(useOutbox().waiting.size).toBe(0))
  expect(shown().map(({ state }) => state)).toEqual(['queued', 'queued', 'queued'])
  expect(localStorage).toHaveLength(0)
})

it('is still there after the page was closed, and leaves once under the same client id', async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
  await writeOffline('一', '二')
  const ids = shown().map(({ client_id }) => client_id)

  await open()
  expect(shown().map(({ text, state }) => [text, state])).toEqual([['一', 'waiting'], ['二', 'waiting']])
  online()

  await vi.waitFor(() => expect(said()).toEqual(['一', '二']))
  expect([...desk.messages.values()].filter(({ direction }) => direction === 'out').map(({ client_id }) => client_id)).toEqual(ids)
})

it('is sent again by itself where the answer was lost, and the desk keeps it once', async () => {
  online()
  let lost = 2
  vi.stubGlobal('fetch', async (...asked: Parameters<typeof fetch>) => {
    const answer = await desk.fetch(...asked)
    if (lost-- > 0) throw new TypeError('the answer was lost')
    return answer
  })

  await useMessages().reply(talk.id, '您好')
  expect(shown().at(-1)).toMatchObject({ state: expect.stringMatching('waiting|sending') })

  await vi.waitFor(() => expect(shown().at(-1)).toMatchObject({ state: 'queued' }), 10_000)
  expect(said()).toEqual(['您好'])
})

it('holds back what was written after one that the desk refused, and asks as ever', async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
  await writeOffline('一', '二')
  desk.fault = (method, path) => method === 'POST' && path.endsWith('replies') ? { status: 409, code: 'window_closed' } : undefined
  online()

  await vi.waitFor(() => expect(useMessages().questionOf(talk.id)).toMatchObject({ text: '一' }))
  expect(shown().map(({ state }) => state)).toEqual(['unsent', 'waiting'])
  desk.fault = () => {}
  await useMessages().retry(useMessages().questionOf(talk.id)!, { anyway: true })

  await vi.waitFor(() => expect(said()).toEqual(['一', '二']))
})

it('does not keep one conversation waiting for another', async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
  await writeOffline('一')
  await useMessages().reply(other.id, '您好')
  desk.fault = (method, path) => method === 'POST' && path.includes(`/${talk.id}/replies`) ? { status: 409, code: 'not_assigned' } : undefined
  online()

  await vi.waitFor(() => expect(said(other.id)).toEqual(['您好']))
  expect(shown()).toMatchObject([{ state: 'unsent', reason: 'not_assigned', question: null }])
})

it('asks before it sends what is older than half an hour', async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
  await writeOffline('一', '二')
  vi.setSystemTime(Date.now() + ASK_AFTER_MS + 1)
  useClock().tick()
  online()
  await new Promise(resolve => setTimeout(resolve, 20))
  expect(said()).toEqual([])

  const [first, second] = shown() as Draft[]
  useMessages().drop(first!)
  useOutbox().agree(second!.client_id)

  await vi.waitFor(() => expect(said()).toEqual(['二']))
})

it('takes back what still waits', async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
  await writeOffline('一', '二')
  useMessages().drop(shown()[0] as Draft)
  online()

  await vi.waitFor(() => expect(said()).toEqual(['二']))
})

it('follows what another tab writes and sends', () => {
  const record = { client_id: 'a1', conversation_id: talk.id, text: '别处写的', manner: {}, at: Date.now(), agreed: false, refused: null }
  const key = `wxdesk:outbox:${desk.me!.id}:a1`
  localStorage.setItem(key, JSON.stringify(record))
  window.dispatchEvent(new StorageEvent('storage', { key }))
  expect(shown()).toMatchObject([{ text: '别处写的', state: 'waiting' }])

  localStorage.removeItem(key)
  window.dispatchEvent(new StorageEvent('storage', { key }))
  expect(shown()).toEqual([])
})

it('forgets what somebody else wrote on this device', async () => {
  vi.useFakeTimers({ now: Date.now(), toFake: ['Date'] })
  await writeOffline('一')
  desk.me = desk.agent('王敏')
  await open()

  expect(useOutbox().waiting.size).toBe(0)
  expect(localStorage).toHaveLength(0)
})
