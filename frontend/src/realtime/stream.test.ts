import type { Agent, Contact } from '@/api/types'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useConnection } from '@/stores/connection'
import { useContacts } from '@/stores/contacts'
import { useConversations } from '@/stores/conversations'
import { useMessages } from '@/stores/messages'
import { useSession } from '@/stores/session'
import { Desk } from '../../dev/desk'
import { SILENCE_MS } from './connection'
import { OFFLINE_AFTER_MS, TOLD_AFTER_MS } from './line'
import { screen } from './screen'
import { followDesk } from './stream'

let desk: Desk
let me: Agent
let customer: Contact
let openId: number
let stop = (): void => {}

beforeEach(async () => {
  vi.useFakeTimers({ now: Date.parse('2026-11-24T01:00:00Z') })
  desk = new Desk()
  me = desk.me = desk.agent('周小雨')
  customer = desk.contact()
  openId = desk.assign(desk.write(customer, '在吗').conversation_id, me).id
  vi.stubGlobal('fetch', vi.fn(desk.fetch))
  await useSession().ask()
})

afterEach(() => stop())

async function follow(): Promise<void> {
  stop = followDesk(me.id, screen())
  await settled()
  useMessages().opened = [openId]
  await useMessages().open(openId)
}

/** Let answers and events arrive; a second or so of the desk's life. */
async function settled(ms = 50): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
}

function connections(): Headers[] {
  return vi.mocked(fetch).mock.calls.filter(([path]) => path === '/api/stream').map(([, init]) => new Headers(init?.headers))
}

function everything(): unknown {
  const conversations = useConversations()
  const byId = [...conversations.byId].sort(([one], [other]) => one - other).map(([, { contact, ...conversation }]) => ({
    ...conversation,
    contact: useContacts().newest(contact),
  }))
  return { byId, messages: useMessages().of(openId) }
}

it('loads the state after hello, then applies what comes', async () => {
  await follow()
  desk.write(customer, '我的订单到哪了')
  await settled()

  expect(useConnection().state).toBe('live')
  expect(useMessages().of(openId).at(-1)).toMatchObject({ text: '我的订单到哪了' })
  expect(useConversations().groups.mine[0]).toMatchObject({ unread: 2 })
})

it('resumes from the last number, and nothing is missing or doubled', async () => {
  await follow()
  const before = desk.log.length
  desk.cut()
  desk.write(customer, '断线时说的')
  await settled(2_000)

  expect(connections().at(-1)?.get('last-event-id')).toBe(String(before))
  expect(useMessages().of(openId).filter(({ text }) => text === '断线时说的')).toHaveLength(1)
  expect(useConnection().state).toBe('live')
})

it('says that it is catching up, marks what changed, and is live again', async () => {
  await follow()
  const states: string[] = []
  useConnection().$subscribe((_, { state, changes }) => states.push(`${state} ${changes}`), { flush: 'sync' })
  desk.cut()
  desk.write(customer, '一')
  await settled(600)

  expect(states).toContain('catching_up 2')
  expect(useConnection().state).toBe('live')
  expect(useConnection().changed.has(openId)).toBe(true)
  await settled(2_000)
  expect(useConnection().changed.size).toBe(0)
})

it('reads everything again in place when the desk says reset', async () => {
  await follow()
  const beyond = desk.write(desk.contact(), '重置之前').conversation_id
  desk.log.pop()
  const fetched = vi.mocked(fetch).getMockImplementation()!
  vi.mocked(fetch).mockImplementation(async (input, init) => String(input) === '/api/stream'
    ? new Response(`event: hello\ndata: {"position": 900, "server_time": "2026-11-24T01:00:00Z"}\n\nevent: reset\ndata: {"position": 900}\n\n`)
    : fetched(input, init))
  desk.write(customer, '没有事件的变化')
  desk.cut()
  await settled(1_000)

  expect(useMessages().of(openId).at(-1)).toMatchObject({ text: '没有事件的变化' })
  expect(useConversations().byId.has(beyond)).toBe(true)
})

it('keeps a short break to itself, tells a longer one, and calls a long one offline', async () => {
  await follow()
  desk.fault = () => ({ status: 503, code: 'unavailable' })
  desk.cut()
  await settled(TOLD_AFTER_MS - 100)
  expect(useConnection().state).toBe('live')

  await settled(200)
  expect(useConnection().state).toBe('reconnecting')

  await settled(OFFLINE_AFTER_MS)
  expect(useConnection().state).toBe('offline')

  desk.fault = () => {}
  await settled(20_000)
  expect(useConnection().state).toBe('live')
})

it('gives up a line that has been silent for too long, and not one that beats', async () => {
  await follow()
  await settled(SILENCE_MS - 5_000)
  desk.beat()
  await settled(SILENCE_MS - 5_000)
  expect(connections()).toHaveLength(1)

  await settled(10_000)
  expect(connections().length).toBeGreaterThan(1)
})

it('knows when the desk was heard of last, by its heartbeat too', async () => {
  await follow()
  const first = useConnection().heardAt!
  await settled(9_000)
  expect(useConnection().heardAt).toBe(first)

  desk.beat()
  await settled()
  expect(useConnection().heardAt! - first).toBeGreaterThanOrEqual(9_000)
})

it('asks who is signed in when the desk no longer knows us, and does not try on', async () => {
  await follow()
  desk.me = null
  desk.cut()
  await settled(60_000)

  expect(useSession().standing).toBe('out')
  expect(useSession().agent).toEqual(me)
  expect(connections()).toHaveLength(2)
})

it('leaves nothing running when it stops', async () => {
  await follow()
  stop()
  await settled(60_000)
  const asked = vi.mocked(fetch).mock.calls.length
  desk.cut()
  await settled(60_000)

  expect(vi.mocked(fetch).mock.calls).toHaveLength(asked)
})

describe('state + events = state read afresh', () => {
  it.each(Array.from({ length: 25 }, (_, at) => at + 1))('whatever happens in whatever order (%i)', async (seed) => {
    const chance = dice(seed)
    await follow()
    for (let step = 0; step < 30; step++) {
      happen(chance)
      if (chance() < 0.3) await settled(chance() * 3_000)
    }
    desk.fault = () => {}
    await settled(30_000)
    const followed = everything()

    stop()
    setActivePinia(createPinia())
    await useSession().ask()
    await useConversations().load()
    await useMessages().open(openId)

    expect(followed).toEqual(everything())
  })

  function happen(chance: () => number): void {
    const others = [...desk.conversations.values()].filter(({ id }) => id !== openId)
    const some = others[Math.floor(chance() * others.length)]
    const deeds = [
      () => desk.write(customer, '又一句'),
      () => desk.write(desk.contact(), '新客户'),
      () => desk.say(openId, me, '回复'),
      () => [
        ...desk.messages.values(),
      ].filter(({ state }) => state === 'queued').forEach(({ id }) => desk.settle(id, chance() < 0.5 ? 'sent' : 'failed')),
      () => desk.remark(customer.id, `备注 ${chance()}`),
      () => some?.state === 'waiting' && desk.assign(some.id, me),
      () => some?.state === 'active' && desk.close(some.id, me),
      () => desk.cut(),
      () => {
        desk.fault = () => chance() < 0.3 ? { status: 503, code: 'unavailable' } : undefined
      },
      () => { desk.fault = () => {} },
    ]
    deeds[Math.floor(chance() * deeds.length)]!()
    if (chance() < 0.1) desk.fault = () => {}
  }

  /** The same numbers between 0 and 1 for the same seed. */
  function dice(seed: number): () => number {
    return () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
      return seed / 2 ** 32
    }
  }
})
