import type { Block } from './blocks'
import type { Thread } from './useThread'
import type { Message } from '@/api/types'
import { fireEvent, render, screen, waitFor } from '@testing-library/vue'
import { beforeEach, expect, it, vi } from 'vitest'
import { computed, nextTick, shallowRef } from 'vue'
import { useSession } from '@/stores/session'
import { Desk } from '../../../dev/desk'
import { blocksOf } from './blocks'
import ThreadScroll from './ThreadScroll.vue'
import { MOST_DRAWN } from './useDrawn'
import { MESSAGE_HELD } from './viewer'

const LINES = 10_000
const MINUTE_MS = 60_000

let thread: Thread

beforeEach(async () => {
  const desk = new Desk()
  desk.me = desk.agent('周小雨')
  const first = desk.write(desk.contact('李女士'), '在吗')
  vi.stubGlobal('fetch', desk.fetch)
  Object.assign(Element.prototype, { scrollIntoView: () => {}, animate: () => {} }) // there is nothing to see here
  await useSession().ask()
  const messages = shallowRef<Message[]>(Array.from({ length: LINES }, (_, at) => {
    const said = new Date(Date.parse(first.sent_at) + 2 * at * MINUTE_MS).toISOString()
    return { ...first, id: at + 1, text: `第 ${at + 1} 句`, sent_at: said, received_at: said }
  }))
  const nothing = async () => {}
  thread = {
    conversation: computed(() => desk.conversations.get(first.conversation_id)),
    missing: computed(() => null),
    state: computed(() => 'ready' as const),
    messages: computed(() => messages.value),
    all: computed(() => messages.value),
    blocks: computed<Block[]>(() => blocksOf([{ id: first.conversation_id, openedAt: first.sent_at, messages: messages.value }])),
    hasOlder: computed(() => false),
    loadOlder: nothing,
    hasNewer: computed(() => false),
    loadNewer: nothing,
    toLatest: nothing,
    sought: shallowRef(null),
    goTo: nothing,
    retry: () => {},
  }
})

const drawn = () => document.querySelectorAll('.message').length

it('has few of ten thousand lines on the page, and shows whichever is asked for', async () => {
  render(ThreadScroll, { props: { thread } })
  expect(screen.getByText(`第 ${LINES} 句`)).toBeTruthy()
  expect(drawn()).toBeLessThanOrEqual(MOST_DRAWN)

  thread.sought.value = { id: 4321 }
  await waitFor(() => expect(screen.getByText('第 4321 句')).toBeTruthy())
  expect(drawn()).toBeLessThanOrEqual(MOST_DRAWN)
  expect(screen.queryByText(`第 ${LINES} 句`)).toBeNull()
})

it('is one stop for Tab, the newest line; arrows go on from there', async () => {
  render(ThreadScroll, { props: { thread }, global: { provide: { [MESSAGE_HELD as symbol]: () => {} } } })
  await nextTick()
  const stops = () => [...document.querySelectorAll<HTMLElement>('.more[tabindex="0"]')]
  expect(stops().map(each => each.dataset.actionsOf)).toEqual([`m${LINES}`])

  stops()[0]!.focus()
  await fireEvent.keyDown(stops()[0]!, { code: 'ArrowUp' })

  expect((document.activeElement as HTMLElement).dataset.actionsOf).toBe(`m${LINES - 1}`)
  expect(stops().map(each => each.dataset.actionsOf)).toEqual([`m${LINES - 1}`])
  await fireEvent.keyDown(document.activeElement!, { code: 'Home' })
  expect(stops()).toEqual([document.activeElement])
})
