import type { Desk } from '../../dev/desk'
import type { Draft } from './messages'
import type { Agent, Contact, Conversation } from '@/api/types'
import { beforeEach, expect, it, vi } from 'vitest'
import { signedIn } from '../../dev/signedIn'
import { useMessages } from './messages'
import { useParked } from './parked'

let desk: Desk
let me: Agent
let customer: Contact
let conversation: Conversation

beforeEach(async () => {
  desk = await signedIn()
  me = desk.me!
  customer = desk.contact()
  conversation = desk.assign(desk.write(customer, '在吗').conversation_id, me)
  await useMessages().open(conversation.id)
})

function texts(): string[] {
  return useMessages().of(conversation.id).filter(({ kind }) => kind === 'text').map(({ text }) => text)
}

it('shows a reply at once and replaces it by the copy of the desk', async () => {
  const messages = useMessages()

  const replying = messages.reply(conversation.id, '您好')
  expect(messages.of(conversation.id).at(-1)).toMatchObject({ id: null, text: '您好', state: 'sending' })
  await replying

  expect(messages.of(conversation.id).at(-1)).toMatchObject({ id: expect.any(Number), state: 'queued' })
  expect(texts()).toEqual(['在吗', '您好'])
})

it('ignores an older copy that arrives late', () => {
  const messages = useMessages()
  const queued = desk.say(conversation.id, me, '您好')
  const sent = desk.settle(queued.id, 'sent')

  messages.put(sent)
  messages.put(queued)

  expect(messages.of(conversation.id).at(-1)).toMatchObject({ state: 'sent' })
})

it('keeps what could not be sent, with the reason', async () => {
  desk.fault = (method, path) => method === 'POST' && path.endsWith('replies') ? { status: 409, code: 'conversation_closed' } : undefined

  await useMessages().reply(conversation.id, '您好')

  expect(useMessages().of(conversation.id).at(-1)).toMatchObject({
    id: null,
    text: '您好',
    state: 'unsent',
    reason: 'conversation_closed',
  })
})

it('sends again under the same client id, and the desk keeps it once', async () => {
  const messages = useMessages()
  vi.stubGlobal('fetch', async (...asked: Parameters<typeof fetch>) => {
    await desk.fetch(...asked)
    throw new TypeError('the answer was lost')
  })
  await messages.reply(conversation.id, '您好')
  vi.stubGlobal('fetch', desk.fetch)

  await messages.retry(messages.of(conversation.id).at(-1) as Draft)

  expect(messages.of(conversation.id).at(-1)).toMatchObject({ id: expect.any(Number), state: 'queued' })
  expect([...desk.messages.values()].filter(({ text }) => text === '您好')).toHaveLength(1)
})

it('takes the copy from the stream although the answer to the request was lost', async () => {
  const messages = useMessages()
  vi.stubGlobal('fetch', async (...asked: Parameters<typeof fetch>) => {
    await desk.fetch(...asked)
    messages.follow([...desk.messages.values()].at(-1)!)
    throw new TypeError('the answer was lost')
  })

  await messages.reply(conversation.id, '您好')

  expect(messages.of(conversation.id).at(-1)).toMatchObject({ id: expect.any(Number), state: 'queued' })
})

it('hands replies to the desk one after the other, in the order they were written', async () => {
  const arrived: string[] = []
  vi.stubGlobal('fetch', async (...asked: Parameters<typeof fetch>) => {
    const { text } = JSON.parse(String(asked[1]?.body))
    if (text === '第一句') await new Promise(resolve => setTimeout(resolve, 20))
    arrived.push(text)
    return desk.fetch(...asked)
  })

  await Promise.all([
    useMessages().reply(conversation.id, '第一句'),
    useMessages().reply(conversation.id, '第二句'),
  ])

  expect(arrived).toEqual(['第一句', '第二句'])
})

it('resends a failed message once, however often it is clicked', async () => {
  const failed = desk.settle(desk.say(conversation.id, me, '您好').id, 'failed', 'busy')
  useMessages().put(failed)

  await Promise.all([useMessages().resend(failed), useMessages().resend(failed)])

  expect(vi.mocked(fetch).mock.calls.filter(([path]) => String(path).endsWith('resend'))).toHaveLength(1)
})

it('places a message that came late where its author sent it', () => {
  const early = desk.write(customer, '先说的')
  const late = {
    ...desk.write(customer, '路上耽搁的'),
    sent_at: new Date(Date.parse(early.sent_at) - 120_000).toISOString(),
  }

  useMessages().put(early)
  useMessages().put(late)

  expect(texts()).toEqual(['路上耽搁的', '在吗', '先说的'])
})

it('loads older messages page by page', async () => {
  const talker = desk.contact()
  desk.pageSize = 3
  for (let at = 1; at <= 7; at++) desk.write(talker, String(at))
  const { id } = [...desk.conversations.values()].at(-1)!
  const messages = useMessages()

  await messages.open(id)
  expect(messages.of(id).map(({ text }) => text)).toEqual(['5', '6', '7'])
  await messages.loadOlder(id)
  await messages.loadOlder(id)

  expect(messages.of(id).map(({ text }) => text)).toEqual(['1', '2', '3', '4', '5', '6', '7'])
  expect(messages.held.get(id)?.older).toBeNull()
})

it('does not keep what is said in conversations nobody has opened', () => {
  const elsewhere = desk.write(desk.contact(), '别处')

  useMessages().follow(elsewhere)

  expect(useMessages().of(elsewhere.conversation_id)).toEqual([])
})

it('takes out of the thread what is parked or was taken back, and an older copy does not bring it back', () => {
  const messages = useMessages()
  const queued = desk.say(conversation.id, me, '您好')
  const withdrawn = desk.change(queued.id, { state: 'withdrawn' })
  const parked = desk.say(conversation.id, me, '等您', { state: 'parked', place: 1 })

  for (const message of [withdrawn, queued, parked]) messages.put(message)

  expect(texts()).toEqual(['在吗'])
  expect(messages.parkedOf(conversation.id).map(({ text }) => text)).toEqual(['等您'])
})

it('stands a parked message in the thread when it is sent, as if it were written then', async () => {
  const messages = useMessages()
  const parked = desk.say(conversation.id, me, '等您', { state: 'parked', place: 1 })
  messages.put(parked)
  messages.put(desk.write(customer, '我回来了'))

  await useParked().release(parked)

  expect(texts()).toEqual(['在吗', '我回来了', '等您'])
  expect(messages.parkedOf(conversation.id)).toEqual([])
})

it('stands what was parked below the message that let it leave, though both are of one moment', () => {
  const messages = useMessages()
  const parked = desk.say(conversation.id, me, '等您')
  const back = desk.write(customer, '我回来了')
  messages.put(back)
  messages.put({ ...parked, sent_at: back.received_at })

  expect(texts()).toEqual(['在吗', '我回来了', '等您'])
})

it('keeps a reply that the desk asks about, until its author has decided', async () => {
  const messages = useMessages()
  desk.grant(customer.id, { left: 1 })
  await messages.reply(conversation.id, '最后一句')

  const draft = messages.questionOf(conversation.id)!
  expect(draft).toMatchObject({ text: '最后一句', question: { code: 'last_send' } })
  await messages.retry(draft, {})

  expect(messages.questionOf(conversation.id)).toBeUndefined()
  expect(messages.of(conversation.id).at(-1)).toMatchObject({ text: '最后一句', state: 'queued' })
})

it('drops what was taken back while nobody listened', async () => {
  const messages = useMessages()
  messages.opened = [conversation.id]
  const held = desk.say(conversation.id, me, '您好')
  messages.put(held)
  desk.change(held.id, { state: 'withdrawn' })

  await messages.load()

  expect(texts()).toEqual(['在吗'])
})
