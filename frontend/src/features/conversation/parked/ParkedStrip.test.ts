import type { Agent, Contact, Conversation } from '@/api/types'
import { fireEvent, render, screen, waitFor } from '@testing-library/vue'
import { beforeEach, expect, it, vi } from 'vitest'
import { useConversations } from '@/stores/conversations'
import { useMessages } from '@/stores/messages'
import { useSession } from '@/stores/session'
import { Desk } from '../../../../dev/desk'
import ParkedStrip from './ParkedStrip.vue'

let desk: Desk
let me: Agent
let customer: Contact
let conversation: Conversation

beforeEach(async () => {
  desk = new Desk()
  me = desk.me = desk.agent('周小雨')
  customer = desk.contact('李女士')
  conversation = desk.assign(desk.write(customer, '在吗').conversation_id, me)
  for (const [at, text] of ['甲', '乙', '丙'].entries()) desk.say(conversation.id, me, text, { state: 'parked', place: at + 1 })
  vi.stubGlobal('fetch', desk.fetch)
  await useSession().ask()
  await useConversations().load()
  await useMessages().open(conversation.id)
})

function parked(): string[] {
  return useMessages().parkedOf(conversation.id).map(({ text }) => text)
}

function show() {
  return render(ParkedStrip, { props: { conversation, parked: useMessages().parkedOf(conversation.id) } })
}

it('offers all in their order once the customer is back', async () => {
  show()
  expect(screen.getByText('客户回来了：发送停留内容？')).toBeTruthy()

  await fireEvent.click(screen.getByRole('button', { name: '发送' }))

  await waitFor(() => expect(parked()).toEqual([]))
  expect(useMessages().of(conversation.id).filter(({ direction }) => direction === 'out').map(({ text }) => text)).toEqual(['甲', '乙', '丙'])
})

it('waits while the window is closed', () => {
  desk.grant(customer.id, { left: 0 })
  conversation = desk.conversations.get(conversation.id)!
  show()

  expect(screen.getByText('停留 3 条')).toBeTruthy()
  expect(screen.queryByRole('button', { name: '发送' })).toBeNull()
})

it('moves one up and down', async () => {
  show()
  await fireEvent.click(screen.getAllByRole('button', { name: '上移' })[2]!)
  await waitFor(() => expect(parked()).toEqual(['甲', '丙', '乙']))

  await fireEvent.click(screen.getAllByRole('button', { name: '下移' })[0]!)
  await waitFor(() => expect(parked()).toEqual(['丙', '甲', '乙']))
})

it('writes one anew', async () => {
  show()
  await fireEvent.click(screen.getAllByRole('button', { name: '修改这一条' })[1]!)
  const field = screen.getByRole('textbox', { name: '停留的回复内容' })
  await fireEvent.update(field, '乙，改过')
  await fireEvent.keyDown(field, { key: 'Enter' })

  await waitFor(() => expect(parked()).toEqual(['甲', '乙，改过', '丙']))
})

it('asks before it throws one away', async () => {
  show()
  await fireEvent.click(screen.getAllByRole('button', { name: '丢弃这一条' })[0]!)
  expect(parked()).toHaveLength(3)

  await fireEvent.click((await screen.findAllByRole('button', { name: '丢弃' })).at(-1)!)

  await waitFor(() => expect(parked()).toEqual(['乙', '丙']))
})
