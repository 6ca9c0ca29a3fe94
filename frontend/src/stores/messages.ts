import type { Draft, ShownMessage, Wording } from './wording'
import type { Manner } from '@/api/content'
import type { Message } from '@/api/types'
import { defineStore } from 'pinia'
import { shallowReactive, shallowRef, watch } from 'vue'
import * as api from '@/api/conversations'
import { Problem, UNREACHABLE } from '@/api/http'
import { useConnection } from './connection'
import { asQuestion, shownWaiting, useOutbox } from './outbox'
import { inOrder, isAsked, isSame, stands } from './shown'
import { draftOf, noteDraftOf } from './wording'

export type { Draft, OwnFile, ShownMessage, Wording } from './wording'

/**
 * What we hold of one conversation: a stretch of it, and where older and newer ones begin.
 *
 * Where `newer` is null its newest messages are here. Else it was opened `around` a message of the
 * past, and what comes in meanwhile is not shown below it.
 */
export interface Held { state: 'loading' | 'ready' | 'failed', older: number | null, newer: number | null, around?: number }

/** Whom a note names. */
export interface Named { kind: 'agent' | 'group', id: number }

const ASKING: Manner = { keep_last: true }

/** Messages by conversation. Everything that changes them passes through `put`. */
export const useMessages = defineStore('messages', () => {
  const connection = useConnection()
  const outbox = useOutbox()
  const byConversation = shallowReactive(new Map<number, ShownMessage[]>())
  /** Those of them that stand in the thread. */
  const threads = shallowReactive(new Map<number, ShownMessage[]>())
  const held = shallowReactive(new Map<number, Held>())
  const acting = shallowReactive(new Set<number | string>())
  /** The conversations on the screen: the one chosen and the earlier ones above it. */
  const opened = shallowRef<readonly number[]>([])
  /** The last reply on its way in each conversation: the next waits, so that they keep their order. */
  const onTheirWay = new Map<number, Promise<unknown>>()

  /** What stands in the thread. */
  function of(conversationId: number): ShownMessage[] {
    return threads.get(conversationId) ?? []
  }

  /** What stands above the reply box, in the order in which it is to leave. */
  function parkedOf(conversationId: number): Message[] {
    return all(conversationId)
      .filter((message): message is Message => message.state === 'parked')
      .sort((one, other) => (one.place ?? 0) - (other.place ?? 0) || one.id - other.id)
  }

  function all(conversationId: number): ShownMessage[] {
    return byConversation.get(conversationId) ?? []
  }

  function keep(conversationId: number, messages: ShownMessage[]): void {
    byConversation.set(conversationId, messages)
    threads.set(conversationId, messages.filter(stands))
  }

  /** Take a copy of a message, from an answer or from the stream; an older copy is ignored. */
  function put(message: ShownMessage): void {
    if (message.id !== null) outbox.drop(message.client_id)
    const known = all(message.conversation_id)
    const at = known.findIndex(other => isSame(other, message))
    if (at >= 0 && known[at]!.version > message.version) return
    keep(message.conversation_id, inOrder(at < 0 ? [...known, message] : known.with(at, message)))
  }

  /** From the stream: a conversation that nobody has opened is read when it is. */
  function follow(message: Message): void {
    const holding = held.get(message.conversation_id)
    if (holding && (holding.newer === null || all(message.conversation_id).some(other => isSame(other, message)))) put(message)
    else outbox.drop(message.client_id)
  }

  /** Have the newest messages of a conversation here. */
  async function open(conversationId: number): Promise<void> {
    const holding = held.get(conversationId)
    if (holding?.state === 'ready' && holding.newer === null) return
    await readNewest(conversationId)
  }

  /** Have a message of a conversation here, with what stands around it; one that is not there: the newest. */
  async function openAround(conversationId: number, messageId: number): Promise<void> {
    if (held.get(conversationId)?.state === 'ready' && all(conversationId).some(({ id }) => id === messageId)) return
    await readAround(conversationId, messageId)
  }

  async function readAround(conversationId: number, messageId: number): Promise<void> {
    const before = held.get(conversationId)
    held.set(conversationId, { older: null, newer: null, ...before, state: 'loading' })
    try {
      const [page, parked] = await Promise.all([api.listMessages(conversationId, { around: messageId }), api.listParked(conversationId)])
      forget(conversationId)
      for (const message of [...page.items, ...parked.items]) put(message)
      held.set(conversationId, { state: 'ready', older: page.next, newer: page.newer, around: messageId })
    }
    catch (error) {
      if (error instanceof Problem && error.code === 'not_found') return await readNewest(conversationId)
      held.set(conversationId, { older: null, newer: null, ...before, state: 'failed' })
    }
  }

  /** All but what only this page has. */
  function forget(conversationId: number): void {
    keep(conversationId, all(conversationId).filter(message => message.id === null))
  }

  async function readNewest(conversationId: number): Promise<void> {
    const before = held.get(conversationId)
    held.set(conversationId, { older: null, newer: null, ...before, state: 'loading' })
    try {
      const [page, parked] = await Promise.all([api.listMessages(conversationId), api.listParked(conversationId)])
      if (before?.newer) forget(conversationId)
      for (const message of [...page.items, ...parked.items]) put(message)
      held.set(conversationId, { state: 'ready', older: page.next, newer: null })
    }
    catch {
      held.set(conversationId, { older: null, newer: null, ...before, state: 'failed' })
    }
  }

  /** Copies from this device, where the desk could not be asked. */
  function show(conversationId: number, messages: readonly Message[], older: number | null): void {
    if (held.get(conversationId)?.state === 'ready') return
    messages.forEach(put)
    held.set(conversationId, { state: 'ready', older, newer: null })
  }

  async function loadOlder(conversationId: number): Promise<void> {
    const holding = held.get(conversationId)
    if (holding?.state !== 'ready' || holding.older === null || acting.has(`older ${conversationId}`)) return
    await once(`older ${conversationId}`, async () => {
      const page = await api.listMessages(conversationId, { before: holding.older })
      page.items.forEach(put)
      held.set(conversationId, { ...held.get(conversationId)!, older: page.next })
    }).catch(() => {})
  }

  /** Towards the present. Where it is reached, what came in on the way is read once more. */
  async function loadNewer(conversationId: number): Promise<void> {
    const holding = held.get(conversationId)
    if (holding?.state !== 'ready' || holding.newer === null || acting.has(`newer ${conversationId}`)) return
    await once(`newer ${conversationId}`, async () => {
      const page = await api.listMessages(conversationId, { after: holding.newer! })
      page.items.forEach(put)
      held.set(conversationId, { ...held.get(conversationId)!, newer: page.newer })
      if (page.newer === null) (await api.listMessages(conversationId)).items.forEach(put)
    }).catch(() => {})
  }

  /** Changes may have been missed: read again what is open, forget the rest, keep what only this page has. */
  async function load(): Promise<void> {
    for (const id of held.keys()) {
      if (opened.value.includes(id)) continue
      keep(id, all(id).filter(message => message.id === null))
      held.delete(id)
    }
    await Promise.all(opened.value.filter(id => held.get(id)?.state === 'ready').map(rereadAll))
  }

  /** What is not there any more was taken back or thrown away meanwhile. */
  async function rereadAll(conversationId: number): Promise<void> {
    const { newer, around } = held.get(conversationId)!
    if (newer !== null && around) return await readAround(conversationId, around)
    const doubtful = new Set<ShownMessage>(all(conversationId).filter(message => message.id !== null))
    const oldest = of(conversationId).find(message => message.id !== null)?.id ?? Infinity
    const { items } = await api.listParked(conversationId)
    const found = new Set(items.map(({ id }) => id))
    items.forEach(put)
    let before: number | null = null
    do {
      const page = await api.listMessages(conversationId, { before })
      for (const message of page.items) {
        put(message)
        found.add(message.id)
      }
      before = page.next
    } while (before !== null && before > oldest)
    keep(conversationId, all(conversationId).filter(message => !doubtful.has(message) || found.has(message.id!)))
    held.set(conversationId, { state: 'ready', older: before, newer: null })
  }

  /** Show the reply at once, then let the desk's copy take its place. */
  async function reply(conversationId: number, text: string, manner?: Manner): Promise<Message | null> {
    return await say(conversationId, { kind: 'text', text, content: {}, saying: async () => ({ kind: 'text', text }) }, manner)
  }

  /** The same for every kind. Returns the desk's copy, or null where it did not get there. */
  async function say(conversationId: number, wording: Wording, manner: Manner = ASKING): Promise<Message | null> {
    return await send(draftOf(conversationId, wording, manner))
  }

  /** Leave a note for the colleagues: the customer never sees it. */
  async function note(conversationId: number, text: string, named: readonly Named[]): Promise<Message | null> {
    const of = (kind: Named['kind']): number[] => named.filter(one => one.kind === kind).map(({ id }) => id)
    return await send(noteDraftOf(conversationId, 'note', text, clientId => api.leaveNote(conversationId, { text, mentions: of('agent'), groups: of('group'), client_id: clientId })))
  }

  /** Ask the colleagues for help, in a note. */
  async function askForHelp(conversationId: number, text: string): Promise<Message | null> {
    return await send(noteDraftOf(conversationId, 'help', text, clientId => api.askForHelp(conversationId, { text, client_id: clientId })))
  }

  /** Send what did not get there, under the same client id: the desk keeps it once. */
  async function retry(draft: Draft, manner: Manner = draft.manner): Promise<Message | null> {
    return await send({ ...draft, state: 'sending', reason: null, question: null, manner })
  }

  async function send(draft: Draft): Promise<Message | null> {
    put(draft)
    const before = onTheirWay.get(draft.conversation_id)
    const going = (before ?? Promise.resolve()).then(() => deliver(draft))
    onTheirWay.set(draft.conversation_id, going)
    const message = await going
    if (onTheirWay.get(draft.conversation_id) === going) onTheirWay.delete(draft.conversation_id)
    return message
  }

  /** What was kept on this device leaves; whether there is a network for what comes after it. */
  async function sendWaiting(clientId: string): Promise<boolean> {
    await send({ ...shownWaiting(outbox.waiting.get(clientId)!), state: 'sending' })
    const still = outbox.waiting.get(clientId)
    return !still || still.refused !== null
  }

  /** Texts alone wait on this device, and none overtakes another. */
  async function deliver(draft: Draft): Promise<Message | null> {
    const waits = draft.kind === 'text' && !draft.post
    if (waits && (connection.state === 'offline' || outbox.holdsBack(draft))) {
      outbox.keep(draft)
      return null
    }
    try {
      const message = draft.post
        ? await draft.post(draft.client_id)
        : await api.sendReply(draft.conversation_id, { ...await draft.saying(), ...draft.manner, client_id: draft.client_id })
      put(message)
      return message
    }
    catch (error) {
      const problem = error instanceof Problem ? error : new Problem('unexpected', 0)
      // The stream may have told of it before the answer was lost.
      if (all(draft.conversation_id).some(other => other.id !== null && isSame(other, draft))) return null
      if (waits && problem.code === UNREACHABLE) outbox.keep(draft)
      else if (outbox.waiting.has(draft.client_id)) outbox.refuse(draft.client_id, problem)
      else put({ ...draft, state: 'unsent', reason: problem.code, question: asQuestion(problem) })
      return null
    }
  }

  /** The first thing in a conversation whose author has to decide. */
  function questionOf(conversationId: number): Draft | undefined {
    return of(conversationId).find((message): message is Draft => isAsked(message))
  }

  /** It stays where it is, unsent, until somebody sees to it. */
  function leave(draft: Draft): void {
    put({ ...draft, question: null })
  }

  /** Take back what is still held. @throws {Problem} already_left. */
  async function withdraw(message: Message): Promise<void> {
    await once(message.id, async () => put(await api.withdrawMessage(message.id)))
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
    outbox.drop(draft.client_id)
    forgetDraft(draft)
  }

  function forgetDraft(draft: Pick<Draft, 'id' | 'client_id' | 'conversation_id'>): void {
    keep(draft.conversation_id, all(draft.conversation_id).filter(other => other.id !== null || other.client_id !== draft.client_id))
  }

  /** Is anything here that only this page knows? */
  function anyUnsent(): boolean {
    return [...byConversation.values()].some(shown => shown.some(message => message.id === null && !outbox.waiting.has(message.client_id)))
  }

  function clear(): void {
    byConversation.clear()
    threads.clear()
    held.clear()
  }

  // The outbox is the same in all tabs: what one of them has sent is gone here as well.
  watch(() => [...outbox.waiting.values()], (waiting, before = []) => {
    for (const one of before) {
      if (!outbox.waiting.has(one.client_id)) forgetDraft({ ...one, id: null })
    }
    for (const one of waiting) {
      if (!before.includes(one)) put(shownWaiting(one))
    }
  }, { immediate: true, flush: 'sync' })

  return {
    byConversation,
    held,
    acting,
    opened,
    of,
    parkedOf,
    put,
    follow,
    open,
    openAround,
    readNewest,
    show,
    loadOlder,
    loadNewer,
    load,
    reply,
    say,
    note,
    askForHelp,
    retry,
    sendWaiting,
    questionOf,
    leave,
    withdraw,
    resend,
    drop,
    anyUnsent,
    clear,
  }
})
