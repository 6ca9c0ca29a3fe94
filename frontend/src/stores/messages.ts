import type { Saying } from '@/api/content'
import type { Message } from '@/api/types'
import { defineStore } from 'pinia'
import { shallowReactive, shallowRef } from 'vue'
import * as api from '@/api/conversations'
import { Problem } from '@/api/http'
import { useClock } from './clock'
import { useSession } from './session'

/** A file of ours as this page has it, while the desk does not. */
export interface OwnFile { readonly preview: string | null, readonly progress: number }

/** Something to say, and how it is shown until the desk has it. */
export interface Wording {
  kind: Saying['kind']
  text: string
  content: Message['content']
  file?: OwnFile
  /** What is asked of the desk; a file may have to reach it first. Called again when it is tried again. */
  saying: () => Promise<Saying>
}

/** A message of ours that the desk does not have yet: on its way there, or it did not get there. */
export interface Draft extends Omit<Message, 'id' | 'state' | 'client_id' | 'kind'>, Wording {
  id: null
  client_id: string
  state: 'sending' | 'unsent'
}
export type ShownMessage = Message | Draft

/** What we hold of one conversation: are its newest messages here, and where older ones begin. */
export interface Held { state: 'loading' | 'ready' | 'failed', older: number | null }

/** Messages by conversation. Everything that changes them passes through `put`. */
export const useMessages = defineStore('messages', () => {
  const byConversation = shallowReactive(new Map<number, ShownMessage[]>())
  const held = shallowReactive(new Map<number, Held>())
  const acting = shallowReactive(new Set<number | string>())
  /** The conversations on the screen: the one chosen and the earlier ones above it. */
  const opened = shallowRef<readonly number[]>([])
  /** The last reply on its way in each conversation: the next waits, so that they keep their order. */
  const onTheirWay = new Map<number, Promise<unknown>>()

  function of(conversationId: number): ShownMessage[] {
    return byConversation.get(conversationId) ?? []
  }

  /** Take a copy of a message, from an answer or from the stream; an older copy is ignored. */
  function put(message: ShownMessage): void {
    const shown = of(message.conversation_id)
    const at = shown.findIndex(other => isSame(other, message))
    if (at >= 0 && shown[at]!.version > message.version) return
    byConversation.set(message.conversation_id, inOrder(at < 0 ? [...shown, message] : shown.with(at, message)))
  }

  /** From the stream: a conversation that nobody has opened is read when it is. */
  function follow(message: Message): void {
    if (held.has(message.conversation_id)) put(message)
  }

  /** Have the newest messages of a conversation here. */
  async function open(conversationId: number): Promise<void> {
    if (held.get(conversationId)?.state === 'ready') return
    await readNewest(conversationId)
  }

  async function readNewest(conversationId: number): Promise<void> {
    const before = held.get(conversationId)
    held.set(conversationId, { state: 'loading', older: before?.older ?? null })
    try {
      const page = await api.listMessages(conversationId)
      page.items.forEach(put)
      held.set(conversationId, { state: 'ready', older: page.next })
    }
    catch {
      held.set(conversationId, { state: 'failed', older: before?.older ?? null })
    }
  }

  async function loadOlder(conversationId: number): Promise<void> {
    const holding = held.get(conversationId)
    if (holding?.state !== 'ready' || holding.older === null || acting.has(`older ${conversationId}`)) return
    await once(`older ${conversationId}`, async () => {
      const page = await api.listMessages(conversationId, holding.older)
      page.items.forEach(put)
      held.set(conversationId, { state: 'ready', older: page.next })
    }).catch(() => {})
  }

  /** Changes may have been missed: read again what is open, forget the rest, keep what only this page has. */
  async function load(): Promise<void> {
    for (const id of held.keys()) {
      if (opened.value.includes(id)) continue
      byConversation.set(id, of(id).filter(message => message.id === null))
      held.delete(id)
    }
    await Promise.all(opened.value.filter(id => held.get(id)?.state === 'ready').map(rereadAll))
  }

  async function rereadAll(conversationId: number): Promise<void> {
    const oldest = of(conversationId).find(message => message.id !== null)?.id ?? Infinity
    let before: number | null = null
    do {
      const page = await api.listMessages(conversationId, before)
      page.items.forEach(put)
      before = page.next
    } while (before !== null && before > oldest)
    held.set(conversationId, { state: 'ready', older: before })
  }

  /** Show the reply at once, then let the desk's copy take its place. */
  async function reply(conversationId: number, text: string): Promise<void> {
    await say(conversationId, { kind: 'text', text, content: {}, saying: async () => ({ kind: 'text', text }) })
  }

  /** The same for every kind. */
  async function say(conversationId: number, wording: Wording): Promise<void> {
    await send(draftOf(conversationId, wording))
  }

  /** Send what did not get there, under the same client id: the desk keeps it once. */
  async function retry(draft: Draft): Promise<void> {
    await send({ ...draft, state: 'sending', reason: null })
  }

  async function send(draft: Draft): Promise<void> {
    put(draft)
    const before = onTheirWay.get(draft.conversation_id)
    const going = (before ?? Promise.resolve()).then(() => deliver(draft))
    onTheirWay.set(draft.conversation_id, going)
    await going
    if (onTheirWay.get(draft.conversation_id) === going) onTheirWay.delete(draft.conversation_id)
  }

  async function deliver(draft: Draft): Promise<void> {
    try {
      const saying = await draft.saying()
      put(await api.sendReply(draft.conversation_id, { ...saying, client_id: draft.client_id }))
    }
    catch (error) {
      put({ ...draft, state: 'unsent', reason: error instanceof Problem ? error.code : 'unexpected' })
    }
  }

  /** @throws {Problem} it stays as it was. */
  async function resend(message: Message): Promise<void> {
    await once(message.id, async () => put(await api.resendMessage(message.id)))
  }

  async function once(key: number | string, act: () => Promise<void>): Promise<void> {
    if (acting.has(key)) return
    acting.add(key)
    await act().finally(() => acting.delete(key))
  }

  /** Forget something that never left this browser. */
  function drop(draft: Draft): void {
    byConversation.set(draft.conversation_id, of(draft.conversation_id).filter(other => other !== draft))
  }

  /** Is anything here that only this page knows? */
  function anyUnsent(): boolean {
    return [...byConversation.values()].some(shown => shown.some(message => message.id === null))
  }

  function clear(): void {
    byConversation.clear()
    held.clear()
  }

  return {
    byConversation,
    held,
    acting,
    opened,
    of,
    put,
    follow,
    open,
    loadOlder,
    load,
    reply,
    say,
    retry,
    resend,
    drop,
    anyUnsent,
    clear,
  }
})

function draftOf(conversationId: number, wording: Wording): Draft {
  const now = useClock().moment().toISOString()
  const { id, name } = useSession().agent!
  return {
    id: null,
    version: 0,
    conversation_id: conversationId,
    direction: 'out',
    ...wording,
    state: 'sending',
    reason: null,
    errcode: null,
    client_id: newClientId(),
    author: { id, name },
    sent_at: now,
    received_at: now,
  }
}

/** 128 random bits; `randomUUID` is missing where the desk is reached over plain http. */
function newClientId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
}

function isSame(one: ShownMessage, other: ShownMessage): boolean {
  if (one.id !== null && other.id !== null) return one.id === other.id
  return one.client_id !== null && one.client_id === other.client_id
}

const LATE_MS = 60_000

/** It reached the desk more than a minute after it was sent. */
export function isLate({ direction, sent_at, received_at }: ShownMessage): boolean {
  return direction === 'in' && Date.parse(received_at) - Date.parse(sent_at) > LATE_MS
}

/** In the order people spoke: by arrival, because two clocks differ by seconds; by WeChat's clock for what came late. What is on its way stands last. */
function inOrder(messages: ShownMessage[]): ShownMessage[] {
  return messages.sort((one, other) => rank(one) - rank(other) || (one.id ?? 0) - (other.id ?? 0))
}

function rank(message: ShownMessage): number {
  if (message.id === null) return Number.MAX_SAFE_INTEGER
  return Date.parse(isLate(message) ? message.sent_at : message.received_at)
}
