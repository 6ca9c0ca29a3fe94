import type { Draft } from './wording'
import type { Manner } from '@/api/content'
import type { Facts } from '@/api/http'
import { defineStore } from 'pinia'
import { shallowReactive, watch } from 'vue'
import { Problem } from '@/api/http'
import { useClock } from './clock'
import { keysKept, readKept, whenKeptElsewhere, writeKept } from './kept'
import { useSession } from './session'
import { draftOf } from './wording'

/**
 * A text that waits for the network. `at`: when it was written, in milliseconds of the desk's time;
 * `agreed`: its author has said that it is to leave although it is old; `refused`: why the desk did not take it.
 */
export interface Waiting {
  client_id: string
  conversation_id: number
  text: string
  manner: Manner
  at: number
  agreed: boolean
  refused: { code: string, status: number, facts: Facts } | null
}

const PREFIX = 'wxdesk:outbox:'
/** What was written so long ago may be out of place: its author is asked before it leaves. */
export const ASK_AFTER_MS = 30 * 60_000

/**
 * Texts written without a network, on this device and the same in all its tabs: also there after the page was closed. They
 * leave in their order (`realtime/sending`), each under the client id it was written with, so that the desk keeps it once.
 */
export const useOutbox = defineStore('outbox', () => {
  const session = useSession()
  const clock = useClock()
  /** By client id, in the order in which they were written. */
  const waiting = shallowReactive(new Map<string, Waiting>())

  const keyOf = (clientId: string) => `${ownPrefix()}${clientId}`

  function ownPrefix(): string {
    return `${PREFIX}${session.agent?.id ?? 0}:`
  }

  function put(one: Waiting): void {
    waiting.set(one.client_id, one)
    writeKept(keyOf(one.client_id), one)
  }

  function of(conversationId: number): Waiting[] {
    return [...waiting.values()].filter(({ conversation_id }) => conversation_id === conversationId).sort((one, other) => one.at - other.at)
  }

  /** Has something to go before this, in the same conversation? What its author is asked about has lost its place. */
  function holdsBack({ conversation_id, client_id }: Draft): boolean {
    const at = waiting.get(client_id)?.at ?? Infinity
    return of(conversation_id).some(other => other.at < at && !other.refused && !isOld(other))
  }

  /** Clocks of tabs differ: what is written later has a later moment. */
  function keep({ client_id, conversation_id, text, manner, sent_at }: Draft): void {
    const before = waiting.get(client_id)
    const at = before?.at ?? Math.max(Date.parse(sent_at), (of(conversation_id).at(-1)?.at ?? 0) + 1)
    put({ client_id, conversation_id, text, manner, at, agreed: before?.agreed ?? false, refused: null })
  }

  function refuse(clientId: string, { code, status, facts }: Problem): void {
    put({ ...waiting.get(clientId)!, refused: { code, status, facts } })
  }

  /** It may leave although it is old. */
  function agree(clientId: string): void {
    put({ ...waiting.get(clientId)!, agreed: true })
  }

  function drop(clientId: string | null): void {
    if (clientId !== null && waiting.delete(clientId)) writeKept(keyOf(clientId), null)
  }

  function isOld({ at, agreed }: Waiting, now = clock.moment().getTime()): boolean {
    return !agreed && now - at > ASK_AFTER_MS
  }

  /** Whoever signs in finds what they wrote here; what somebody else wrote is forgotten. */
  function load(): void {
    waiting.clear()
    const found = keysKept(PREFIX)
    for (const key of found.filter(key => !key.startsWith(ownPrefix()))) writeKept(key, null)
    const own = found.filter(key => key.startsWith(ownPrefix())).flatMap(key => readKept<Waiting | null>(key, null) ?? [])
    for (const one of own.sort((one, other) => one.at - other.at)) waiting.set(one.client_id, one)
  }

  whenKeptElsewhere(PREFIX, (key) => {
    if (!key.startsWith(ownPrefix())) return
    const one = readKept<Waiting | null>(key, null)
    if (one) waiting.set(one.client_id, one)
    else waiting.delete(key.slice(ownPrefix().length))
  })
  watch(() => session.agent?.id, id => id === undefined ? waiting.clear() : load(), { immediate: true, flush: 'sync' })

  return { waiting, of, holdsBack, keep, refuse, agree, drop, isOld }
})

/** As the thread shows it. */
export function shownWaiting({ client_id, conversation_id, text, manner, at, refused }: Waiting): Draft {
  const moment = new Date(at).toISOString()
  const draft = draftOf(conversation_id, { kind: 'text', text, content: {}, saying: async () => ({ kind: 'text', text }) }, manner)
  return {
    ...draft,
    client_id,
    sent_at: moment,
    received_at: moment,
    state: refused ? 'unsent' : 'waiting',
    reason: refused?.code ?? null,
    question: refused && asQuestion(new Problem(refused.code, refused.status, refused.facts)),
  }
}

/** Refused for want of what WeChat allows: the desk or the forecast may be asked to think again. */
const QUESTIONS = new Set(['last_send', 'window_closed', 'replies_spent'])

export function asQuestion(problem: Problem): Problem | null {
  return QUESTIONS.has(problem.code) ? problem : null
}
