/** The order of the list. Pure: nothing in it changes with the time alone. */
import type { Conversation } from '@/api/types'
import type { Order } from '@/stores/preferences'

/** When the customer's window closes, in milliseconds; what never closes, or has, is told as Infinity. */
export type WindowOf = (conversation: Conversation) => number

type Key = readonly number[]

const KEYS: Record<Order, (conversation: Conversation, windowOf: WindowOf) => Key> = {
  urgency,
  newest: one => [-lastOf(one)],
  waiting: one => owes(one) ? [0, sinceOf(one)] : [1, -lastOf(one)],
  level: (one, windowOf) => [one.contact.level.rank, ...urgency(one, windowOf)],
}

/** Those with the same key stay as they were. */
export function ordered(order: Order, conversations: readonly Conversation[], windowOf: WindowOf): Conversation[] {
  const keys = new Map(conversations.map(one => [one, KEYS[order](one, windowOf)]))
  return conversations.toSorted((one, other) => compare(keys.get(one)!, keys.get(other)!))
}

function urgency(one: Conversation, windowOf: WindowOf): Key {
  return owes(one) ? [0, Math.min(dueOf(one), windowOf(one)), sinceOf(one)] : [1, -lastOf(one)]
}

function owes({ owed_since, state }: Conversation): boolean {
  return owed_since !== null || state === 'waiting'
}

/** Without a promise it comes after all that have one. */
function dueOf({ due_at }: Conversation): number {
  return due_at === null ? Infinity : Date.parse(due_at)
}

function sinceOf({ owed_since, waiting_since, opened_at }: Conversation): number {
  return Date.parse(owed_since ?? waiting_since ?? opened_at)
}

function lastOf({ last_message, opened_at }: Conversation): number {
  return Date.parse(last_message?.sent_at ?? opened_at)
}

function compare(one: Key, other: Key): number {
  for (const [at, value] of one.entries()) {
    if (value !== other[at]) return value < (other[at] ?? Infinity) ? -1 : 1
  }
  return 0
}
