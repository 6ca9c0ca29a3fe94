import type { Contact, Conversation } from '@/api/types'
import { fireEvent, render, screen, waitFor } from '@testing-library/vue'
import { beforeEach, expect, it, vi } from 'vitest'
import { useConnection } from '@/stores/connection'
import { useConversations } from '@/stores/conversations'
import { useDrafts } from '@/stores/drafts'
import { useMessages } from '@/stores/messages'
import { useSession } from '@/stores/session'
import { Desk } from '../../../dev/desk'
import ComposerBox from './ComposerBox.vue'

let desk: Desk
let customer: Contact
let conversation: Conversation

beforeEach(async () => {
  desk = new Desk()
  desk.me = desk.agent('周小雨')
  customer = desk.contact('李女士')
  conversation = desk.assign(desk.write(customer, '在吗').conversation_id, desk.me)
  vi.stubGlobal('fetch', desk.fetch)
  await useSession().ask()
  await useConversations().load()
})

async function write(text: string): Promise<HTMLElement> {
  render(ComposerBox, { props: { conversation } })
  const box = screen.getByRole('textbox', { name: '回复' })
  await fireEvent.update(box, text)
  return box
}

function sent(): string[] {
  return useMessages().of(conversation.id).map(({ text }) => text)
}

it('sends on Enter and is empty again', async () => {
  const box = await write('您好 ')
  await fireEvent.keyDown(box, { key: 'Enter' })

  expect(sent()).toEqual(['您好'])
  expect(box).toHaveProperty('value', '')
})

it.each([
  ['with Shift, for a new line', { shiftKey: true }],
  ['while an input method composes', { isComposing: true }],
  ['of the key by which Safari ends a composition', { keyCode: 229 }],
  ['with Alt, which takes the next customer', { altKey: true }],
])('does not send on an Enter %s', async (_, how) => {
  const box = await write('nihao')
  await fireEvent.keyDown(box, { key: 'Enter', ...how })

  expect(sent()).toEqual([])
  expect(box).toHaveProperty('value', 'nihao')
})

it('sends once on two fast Enters', async () => {
  const box = await write('您好')
  await Promise.all([fireEvent.keyDown(box, { key: 'Enter' }), fireEvent.keyDown(box, { key: 'Enter' })])

  expect(sent()).toEqual(['您好'])
})

it('keeps the draft for this conversation and agent, and gives it back', async () => {
  await write('写了一半')

  expect(useDrafts().of(conversation.id)).toBe('写了一半')
  expect(useDrafts().of(conversation.id + 1)).toBe('')
  expect(JSON.parse(localStorage.getItem(`wxdesk:draft:${desk.me!.id}:${conversation.id}`)!)).toMatchObject({ text: '写了一半' })
})

it('keeps what is sent while offline on this device', async () => {
  useConnection().set('offline')
  const box = await write('等会儿发')
  await fireEvent.keyDown(box, { key: 'Enter' })

  expect(sent()).toEqual(['等会儿发'])
  expect(box).toHaveProperty('value', '')
  expect([...desk.messages.values()].filter(({ direction }) => direction === 'out')).toEqual([])
})

it('tells how many messages a long text becomes', async () => {
  await write('长'.repeat(1500))

  expect(screen.getByText('4500 / 2048 字节 ·')).toBeTruthy()
  expect(screen.getByRole('status').textContent).toContain('这次要分 3 条发出，还剩 5 条')
})

it('counts what is left, and what leaves with the line before', async () => {
  desk.sending = { undo_seconds: 10, join_lines: true }
  desk.now = Date.now
  desk.grant(customer.id)
  await useSession().ask()
  await useConversations().load()
  const box = await write('您好')
  expect(screen.getByText(/剩 5 条/)).toBeTruthy()
  await fireEvent.keyDown(box, { key: 'Enter' })
  await waitFor(() => expect(useMessages().of(conversation.id).at(-1)).toMatchObject({ state: 'queued' }))

  await fireEvent.update(box, '请问是哪个订单')

  expect(await screen.findByText(/并入上一条/)).toBeTruthy()
})

it('parks what WeChat would not take, with a reason, and can try all the same', async () => {
  desk.grant(customer.id, { left: 0 })
  await useConversations().load()
  const box = await write('查到了')
  expect(screen.getByRole('status').textContent).toContain('这一轮的条数已用完')

  await fireEvent.click(screen.getByRole('button', { name: '停留' }))

  await waitFor(() => expect(useMessages().parkedOf(conversation.id).map(({ text }) => text)).toEqual(['查到了']))
  await waitFor(() => expect(box).toHaveProperty('value', ''))
  expect(sent()).toEqual([])

  await fireEvent.update(box, '再试一次')
  await fireEvent.click(screen.getByRole('button', { name: '其他发送方式' }))
  await fireEvent.click(await screen.findByRole('button', { name: '仍要尝试发送' }))
  await waitFor(() => expect(useMessages().of(conversation.id).at(-1)).toMatchObject({ text: '再试一次', state: 'queued' }))
})

it('asks before the last one; cancelled, the words are back above what was written since', async () => {
  desk.grant(customer.id, { left: 1 })
  await useConversations().load()
  const box = await write('最后一句')
  await fireEvent.keyDown(box, { key: 'Enter' })
  await screen.findByText('这是本窗口最后一条')
  useDrafts().keep(conversation.id, '又写了')

  await fireEvent.click(screen.getByRole('button', { name: '取消' }))

  expect(sent()).toEqual([])
  expect(useDrafts().of(conversation.id)).toBe('最后一句\n又写了')
})

it('sends the last one as the closing line, and ends the conversation', async () => {
  desk.grant(customer.id, { left: 1 })
  await useConversations().load()
  await fireEvent.keyDown(await write('再见'), { key: 'Enter' })

  await fireEvent.click(await screen.findByRole('button', { name: '改为结束语' }))

  await waitFor(() => expect(desk.conversations.get(conversation.id)?.state).toBe('closed'))
  expect([...desk.messages.values()].some(({ text, state }) => text === '再见' && state === 'queued')).toBe(true)
})

it('is told by the desk that the window has closed meanwhile, and parks then', async () => {
  desk.fault = (method, path) => method === 'POST' && path.endsWith('replies') ? { status: 409, code: 'window_closed' } : undefined
  await fireEvent.keyDown(await write('查到了'), { key: 'Enter' })
  await screen.findByText('没有发出：窗口刚刚关闭')
  desk.fault = () => {}

  await fireEvent.click((await screen.findAllByRole('button', { name: '停留' })).at(-1)!)

  await waitFor(() => expect(useMessages().parkedOf(conversation.id)).toHaveLength(1))
})

it('tells the desk that somebody writes, at most every five seconds', async () => {
  const asked = vi.fn(desk.fetch)
  vi.stubGlobal('fetch', asked)
  const box = await write('您')
  await fireEvent.update(box, '您好')

  expect(asked.mock.calls.filter(([path]) => String(path).endsWith('typing'))).toHaveLength(1)
})

it('offers to take a waiting conversation', async () => {
  const waiting = desk.conversations.get(desk.write(desk.contact(), '在吗').conversation_id)!
  render(ComposerBox, { props: { conversation: waiting } })

  // Vue ignores a click in the very millisecond in which its listener came: a second one changes nothing.
  await waitFor(async () => {
    await fireEvent.click(screen.getByRole('button', { name: '接入' }))
    expect(useConversations().byId.get(waiting.id)?.state).toBe('active')
  })
})

it('says who serves it when it is a colleague', () => {
  render(ComposerBox, {
    props: { conversation: desk.assign(desk.write(desk.contact(), '在吗').conversation_id, desk.agent('王敏')) },
  })

  expect(screen.getByRole('status').textContent).toContain('王敏 正在接待')
  expect(screen.queryByRole('textbox')).toBeNull()
})
