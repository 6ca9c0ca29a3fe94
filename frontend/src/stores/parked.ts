import type { Message } from '@/api/types'
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import * as api from '@/api/conversations'
import { useMessages } from './messages'

/** Answers that wait until the customer acts again. They are messages, and kept with them. @throws {Problem} as all here. */
export const useParked = defineStore('parked', () => {
  const messages = useMessages()
  const busy = shallowReactive(new Set<number>())

  const of = messages.parkedOf

  const rewrite = (message: Message, text: string) => once(message, async () => messages.put(await api.changeParked(message.id, { text })))

  /** One place up, or down: which is to put the next one before it. */
  async function move(message: Message, by: 1 | -1): Promise<void> {
    const all = of(message.conversation_id)
    const other = all[all.findIndex(({ id }) => id === message.id) + by]
    if (!other) return
    const [moved, before] = by < 0 ? [message, other] : [other, message]
    await once(message, async () => messages.put(await api.changeParked(moved.id, { before: before.id })))
  }

  const release = (message: Message, anyway = false) => once(message, async () => messages.put(await api.releaseParked(message.id, anyway)))

  /** All of them in their order; what is refused stays, and all behind it. */
  async function releaseAll(all: readonly Message[]): Promise<void> {
    for (const message of all) await release(message)
  }

  /** Gone before the desk says so by the stream. */
  const discard = (message: Message) => once(message, async () => {
    await api.discardParked(message.id)
    messages.put({ ...message, state: 'withdrawn', place: null })
  })

  async function once(message: Message, act: () => Promise<void>): Promise<void> {
    if (busy.has(message.id)) return
    busy.add(message.id)
    await act().finally(() => busy.delete(message.id))
  }

  return { busy, of, rewrite, move, release, releaseAll, discard }
})
