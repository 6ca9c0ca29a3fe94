/** Messages as a thread shows them: which, in which order, and what is to be said of them. */
import type { ShownMessage } from './wording'

/** Parked messages stand elsewhere, also while they are on their way there; what was taken back stands nowhere. */
export function stands(message: ShownMessage): boolean {
  if (message.id === null) return !message.manner.park || message.state !== 'sending'
  return message.state !== 'parked' && message.state !== 'withdrawn'
}

export function isSame(one: ShownMessage, other: ShownMessage): boolean {
  if (one.id !== null && other.id !== null) return one.id === other.id
  return one.client_id !== null && one.client_id === other.client_id
}

/** The desk has asked what is to become of it. */
export function isAsked(message: ShownMessage): boolean {
  return message.id === null && message.question !== null
}

const SPARED = new Set(['would_cost', 'slot_missed'])

/** The desk did not even try to send it, as its rule wants: nothing went wrong. */
export function isSpared({ state, reason }: ShownMessage): boolean {
  return state === 'failed' && reason !== null && SPARED.has(reason)
}

const LATE_MS = 60_000

/** It reached the desk more than a minute after it was sent. */
export function isLate({ direction, sent_at, received_at }: ShownMessage): boolean {
  return direction === 'in' && Date.parse(received_at) - Date.parse(sent_at) > LATE_MS
}

/** In the order people spoke: by arrival, because two clocks differ by seconds; by WeChat's clock for what came late. What is on its way stands last. */
export function inOrder(messages: ShownMessage[]): ShownMessage[] {
  return messages.sort((one, other) => rank(one) - rank(other)
    || Number(leftLater(one)) - Number(leftLater(other)) // what was parked answers what came in at that moment
    || (one.id ?? 0) - (other.id ?? 0))
}

/** It was written before, and parked until it was sent. */
function leftLater({ direction, sent_at, received_at }: ShownMessage): boolean {
  return direction === 'out' && Date.parse(sent_at) > Date.parse(received_at)
}

function rank(message: ShownMessage): number {
  if (message.id === null) return Number.MAX_SAFE_INTEGER
  return Date.parse(momentOf(message))
}

/** When it happened, as the thread tells it; what was parked is said when it is sent. */
export function momentOf(message: ShownMessage): string {
  return isLate(message) || leftLater(message) ? message.sent_at : message.received_at
}
