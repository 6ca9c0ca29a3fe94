/** What the desk picks out by the window that WeChat gives, kept live here between two readings. Pure. */
import type { WindowView } from '@/api/conversations'
import type { Allowance, Conversation } from '@/api/types'
import { CLOSING_MS, windowOf } from '@/composables/allowance'

export const VIEWS: readonly WindowView[] = ['closing', 'last_send']

/** The customer may be known better than the conversation's copy of them. */
export type AllowanceOf = (conversation: Conversation) => Allowance

/** The one whose window closes first before all others, as the desk sorts them. */
export function pick(view: WindowView, conversations: Iterable<Conversation>, now: number, allowanceOf: AllowanceOf): Conversation[] {
  const found = [...conversations].filter(one => one.state !== 'closed' && belongs(view, one, now, allowanceOf(one)))
  return byWindow(found, now, allowanceOf)
}

function belongs(view: WindowView, { owed_since }: Conversation, now: number, allowance: Allowance): boolean {
  if (view === 'closing' && owed_since === null) return false
  const found = windowOf(allowance)
  if (!found || found.closesAt <= now) return false
  return view === 'closing' ? found.closesAt <= now + CLOSING_MS : found.left !== null && found.left - allowance.reserved === 1
}

/** Those who cannot be answered come last, in the order in which they were. */
export function byWindow(conversations: readonly Conversation[], now: number, allowanceOf: AllowanceOf): Conversation[] {
  const closing = new Map(conversations.map(one => [one, closesAt(allowanceOf(one), now)]))
  return conversations.toSorted((one, other) => closing.get(one)! - closing.get(other)!)
}

function closesAt(allowance: Allowance, now: number): number {
  const found = windowOf(allowance)
  return found && found.closesAt > now ? found.closesAt : Number.MAX_SAFE_INTEGER
}
