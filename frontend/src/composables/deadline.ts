/** By when a customer is promised an answer, and how near that is. Pure. */
import type { Conversation } from '@/api/types'

/** Time enough; less than half of it is left; too late. */
export type Nearness = 'calm' | 'near' | 'late'

export interface Deadline {
  nearness: Nearness
  kind: 'first' | 'next'
  /** Until then, or since then. */
  ms: number
}

type Promised = Pick<Conversation, 'state' | 'due_at' | 'due_kind' | 'owed_since' | 'waiting_since'>

/** What runs now; null: nothing is promised, or nobody waits. */
export function deadlineOf({ state, due_at, due_kind, owed_since, waiting_since }: Promised, now: number): Deadline | null {
  if (due_at === null || state === 'closed') return null
  const due = Date.parse(due_at)
  const since = owed_since ?? waiting_since
  const half = since === null ? due : (Date.parse(since) + due) / 2
  return {
    nearness: now >= due ? 'late' : now >= half ? 'near' : 'calm',
    kind: due_kind === 'next' ? 'next' : 'first',
    ms: Math.abs(due - now),
  }
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** When a minute is too long between two looks. */
export function isFine(ms: number): boolean {
  return ms < HOUR_MS
}

/** 03:10, 1:02:13 */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (value: number): string => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`
}
