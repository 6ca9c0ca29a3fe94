import type { Conversation } from '@/api/types'
import { fireEvent, render, screen, waitFor } from '@testing-library/vue'
import { beforeEach, expect, it, vi } from 'vitest'
import { useAgents } from '@/stores/agents'
import { useConversations } from '@/stores/conversations'
import { useMessages } from '@/stores/messages'
import { useSession } from '@/stores/session'
import { Desk } from '../../../../dev/desk'
import ComposerBox from '../ComposerBox.vue'

let desk: Desk
let conversation: Conversation

beforeEach(async () => {
  desk = new Desk()
  desk.me = desk.agent('周小雨')
  desk.agents.push({ ...desk.agent('王敏'), find: 'wangmin wm' })
  desk.agents.splice(1, 1)
  conversation = desk.assign(desk.write(desk.contact('李女士'), '在吗').conversation_id, desk.me)
  vi.stubGlobal('fetch', vi.fn(desk.fetch))
  await useSession().ask()
  await Promise.all([useConversations().load(), useAgents().load()])
})

async function open(): Promise<HTMLTextAreaElement> {
  render(ComposerBox, { props: { conversation } })
  await fireEvent.click(screen.getByRole('button', { name: '便签' }))
  return await screen.findByRole('textbox', { name: '便签' })
}

function asked(): string[] {
  return vi.mocked(fetch).mock.calls.filter(([, init]) => init?.method === 'POST').map(([path]) => String(path).split('/').at(-1)!)
}

it('is left on Enter, for colleagues only', async () => {
  const box = await open()
  await fireEvent.update(box, '先别退款')
  await fireEvent.keyDown(box, { key: 'Enter' })

  expect(useMessages().of(conversation.id).at(-1)).toMatchObject({ direction: 'note', text: '先别退款' })
  await waitFor(() => expect(useMessages().of(conversation.id).at(-1)!.id).not.toBeNull())
  expect(asked()).toContain('notes')
  expect(asked()).not.toContain('replies')
  expect(asked()).not.toContain('typing')
  expect(box.value).toBe('')
})

it.each([{ shiftKey: true }, { isComposing: true }, { keyCode: 229 }])('is not left on an Enter with %j', async (how) => {
  const box = await open()
  await fireEvent.update(box, 'bie tui')
  await fireEvent.keyDown(box, { key: 'Enter', ...how })

  expect(useMessages().of(conversation.id).some(({ direction }) => direction === 'note')).toBe(false)
})

it('keeps its own draft, and the reply keeps its own', async () => {
  const box = await open()
  await fireEvent.update(box, '给同事')
  await fireEvent.click(screen.getByRole('button', { name: '回复' }))
  const reply = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: '回复' })
  expect(reply.value).toBe('')
  await fireEvent.update(reply, '给客户')
  await fireEvent.click(screen.getByRole('button', { name: '便签' }))

  expect((await screen.findByRole<HTMLTextAreaElement>('textbox', { name: '便签' })).value).toBe('给同事')
})

it('names a colleague by pinyin and Enter', async () => {
  const box = await open()
  await fireEvent.update(box, '请@wm')
  const option = await screen.findByRole('option')
  expect(option.textContent).toContain('王敏')
  await fireEvent.keyDown(box, { key: 'Enter' })
  expect(box.value).toBe('请@王敏 ')
  await fireEvent.keyDown(box, { key: 'Enter' })

  await waitFor(() => expect(useMessages().of(conversation.id).at(-1)).toMatchObject({ text: '请@王敏', content: { mentions: [{ name: '王敏' }] } }))
})
