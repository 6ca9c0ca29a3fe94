import type { Desk } from '../../../dev/desk'
import type { Message } from '@/api/types'
import { fireEvent, render, screen } from '@testing-library/vue'
import { beforeEach, expect, it, vi } from 'vitest'
import { useMessages } from '@/stores/messages'
import { useSession } from '@/stores/session'
import { signedIn } from '../../../dev/signedIn'
import MessageBubble from './MessageBubble.vue'

let desk: Desk
let received: Message
let own: Message

beforeEach(async () => {
  desk = await signedIn()
  const me = desk.me!
  received = desk.write(desk.contact(), '<b>看</b> https://a.example/x')
  own = desk.say(received.conversation_id, me, '您好')
})

it('shows what a customer wrote as text, never as HTML', () => {
  const { container } = render(MessageBubble, { props: { message: received } })

  expect(container.querySelector('b')).toBeNull()
  expect(container.textContent).toContain('<b>看</b>')
})

it('asks before it opens a customer’s link, and opens it without a way back', async () => {
  const open = vi.spyOn(window, 'open').mockReturnValue(null)
  render(MessageBubble, { props: { message: received } })

  await fireEvent.click(screen.getByRole('link'))
  expect(open).not.toHaveBeenCalled()
  await fireEvent.click(await screen.findByRole('button', { name: '打开链接' }))

  expect(open).toHaveBeenCalledWith('https://a.example/x', '_blank', 'noopener,noreferrer')
})

it('says in words why WeChat refused, and resends on a click', async () => {
  const failed = desk.settle(own.id, 'failed', 'replies_spent')
  render(MessageBubble, { props: { message: failed } })
  expect(screen.getByText(/回复条数已用完/)).toBeTruthy()

  await fireEvent.click(screen.getByRole('button', { name: '重发' }))

  await vi.waitFor(() => expect(useMessages().of(own.conversation_id).at(-1)).toMatchObject({ id: own.id, state: 'queued' }))
})

it('does not call it a failure where a rule may not use up a send', () => {
  const { container } = render(MessageBubble, { props: { message: desk.settle(own.id, 'failed', 'would_cost') } })

  expect(container.textContent).toContain('没有发出 · 会占用额度')
  expect(container.textContent).not.toContain('发送失败')
})

it('asks before it resends what may have arrived', async () => {
  const uncertain = desk.settle(own.id, 'uncertain')
  render(MessageBubble, { props: { message: uncertain } })

  await fireEvent.click(screen.getByRole('button', { name: '重发' }))

  expect(await screen.findByText(/客户会收到两遍/)).toBeTruthy()
  expect(desk.messages.get(own.id)?.state).toBe('uncertain')
})

it('tells a reason it does not know by its code', () => {
  render(MessageBubble, { props: { message: desk.settle(own.id, 'failed', 'brand_new') } })

  expect(screen.getByText(/brand_new/)).toBeTruthy()
})

it('says honestly what it cannot show', async () => {
  render(MessageBubble, {
    props: { message: desk.write(desk.contact(), '', { kind: 'image', content: { raw_kind: 'image' } }) },
  })

  expect(await screen.findByText('发来了一条这里看不到的消息')).toBeTruthy()
})

it.each([
  ['image', { state: 'ready', id: 7, content_type: 'application/octet-stream' }, '这个文件不能在这里显示'],
  ['video', { state: 'ready', id: 7, content_type: 'video/mp4', play: false }, '这个文件不能在这里显示'],
  ['image', { state: 'lost', id: null, reason: 'too_large' }, '文件太大，没有取回'],
  ['voice', { state: 'lost', id: null, reason: 'expired' }, '已过期，未能取回'],
])('says of a file what became of it: %s, %j', async (kind, media, words) => {
  render(MessageBubble, { props: { message: desk.write(desk.contact(), '', { kind, content: { media } }) } })

  expect(await screen.findByText(words)).toBeTruthy()
  expect(screen.queryByRole('link', { name: '下载' })?.getAttribute('href') ?? null).toBe(media.id ? '/api/media/7' : null)
})

it('offers to take back what is held, until it has left', async () => {
  desk.now = Date.now
  await useSession().ask()
  vi.useFakeTimers({ now: Date.now() })
  const held = desk.change(own.id, { held_until: new Date(Date.now() + 3_000).toISOString() })
  render(MessageBubble, { props: { message: held } })
  expect(screen.getByRole('button', { name: '撤回' })).toBeTruthy()

  await vi.advanceTimersByTimeAsync(3_100)

  expect(screen.queryByRole('button', { name: '撤回' })).toBeNull()
})

it('says that several lines left as one', () => {
  render(MessageBubble, { props: { message: own, lines: 3 } })

  expect(screen.getByText('3 行 → 1 条')).toBeTruthy()
})
