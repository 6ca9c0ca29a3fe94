import type { Desk } from '../../dev/desk'
import type { Agent, Conversation, Message } from '@/api/types'
import { waitFor } from '@testing-library/vue'
import { beforeEach, expect, it } from 'vitest'
import { useDrafts } from '@/stores/drafts'
import { useMessages } from '@/stores/messages'
import { useToasts } from '@/stores/toasts'
import { useUploads } from '@/stores/uploads'
import { signedIn } from '../../dev/signedIn'
import { useUndo } from './useUndo'

let desk: Desk
let me: Agent
let conversation: Conversation

beforeEach(async () => {
  desk = await signedIn((desk) => {
    desk.sending = { undo_seconds: 10, join_lines: true }
    desk.now = Date.now
  })
  me = desk.me!
  conversation = desk.assign(desk.write(desk.contact(), '在吗').conversation_id, me)
  await useMessages().open(conversation.id)
})

function shown(): string[] {
  return useMessages().of(conversation.id).filter(({ direction }) => direction === 'out').map(({ text }) => text)
}

it('takes the newest line back into the box, above what is written there', async () => {
  await useMessages().reply(conversation.id, '第一行')
  await useMessages().reply(conversation.id, '第二行')
  useDrafts().keep(conversation.id, '还在写')

  expect(useUndo().undoLast(conversation.id)).toBe(true)

  await waitFor(() => expect(shown()).toEqual(['第一行']))
  expect(useDrafts().of(conversation.id)).toBe('第二行\n还在写')
})

it('says kindly that it was too late, and leaves the box as it is', async () => {
  await useMessages().reply(conversation.id, '您好')
  const message = useMessages().of(conversation.id).at(-1) as Message
  desk.settle(message.id, 'sent')

  await useUndo().undo(message)

  expect(useToasts().shown.at(-1)?.text).toContain('收不回来了')
  expect(useDrafts().of(conversation.id)).toBe('')
})

it('finds nothing to take back where nothing is held', () => {
  expect(useUndo().undoLast(conversation.id)).toBe(false)
})

it('lays a picture back into the tray', async () => {
  const media = desk.shelf.paint(40, 30, ['#fff', '#000'])
  const held_until = new Date(Date.now() + 5_000).toISOString()
  const message = desk.say(conversation.id, me, '', { kind: 'image', content: { media }, held_until })
  useMessages().put(message)

  await useUndo().undo(message)

  expect(useUploads().of(conversation.id)).toMatchObject([{ kind: 'image', state: 'ready', media: { id: media.id } }])
})
