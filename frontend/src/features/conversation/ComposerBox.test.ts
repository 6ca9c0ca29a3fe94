import type { Contact, Conversation } from '@/api/types'
import { fireEvent, render, screen } from '@testing-library/vue'
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
  expect(JSON.parse(localStorage.getItem(`wxdesk:draft:${desk.me!.id}:${conversation.id}`)!)).toBe('写了一半')
})

it('lets one type while offline, but not send', async () => {
  useConnection().set('offline')
  const box = await write('等会儿发')
  await fireEvent.keyDown(box, { key: 'Enter' })

  expect(sent()).toEqual([])
  expect(box).toHaveProperty('value', '等会儿发')
  expect(screen.getByRole('button', { name: /发送/ })).toHaveProperty('disabled', true)
})

it('tells how many messages a long text becomes', async () => {
  await write('长'.repeat(1500))

  expect(screen.getByRole('status').textContent).toContain('4500 / 2048')
  expect(screen.getByRole('status').textContent).toContain('将分 3 条发送')
})

it('offers to take a waiting conversation', async () => {
  const waiting = desk.conversations.get(desk.write(desk.contact(), '在吗').conversation_id)!
  render(ComposerBox, { props: { conversation: waiting } })

  await fireEvent.click(screen.getByRole('button', { name: '接入' }))

  await vi.waitFor(() => expect(useConversations().byId.get(waiting.id)?.state).toBe('active'))
})

it('says who serves it when it is a colleague', () => {
  render(ComposerBox, {
    props: { conversation: desk.assign(desk.write(desk.contact(), '在吗').conversation_id, desk.agent('王敏')) },
  })

  expect(screen.getByRole('status').textContent).toContain('王敏 正在接待')
  expect(screen.queryByRole('textbox')).toBeNull()
})
