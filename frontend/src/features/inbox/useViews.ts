import type { ComputedRef, ShallowRef } from 'vue'
import type { Part } from './entries'
import type { View } from '@/api/conversations'
import type { Conversation } from '@/api/types'
import { useIntervalFn, watchDebounced } from '@vueuse/core'
import { computed, shallowRef } from 'vue'
import { windowOf } from '@/composables/allowance'
import { useClock } from '@/stores/clock'
import { useContacts } from '@/stores/contacts'
import { useConversations } from '@/stores/conversations'
import { usePreferences } from '@/stores/preferences'
import { useSession } from '@/stores/session'
import { ordered } from './order'
import { pick, VIEWS } from './views'

const AGAIN_MS = 60_000
const SETTLE_MS = 1_000
const LONGEST_SETTLE_MS = 5_000

export interface Views {
  /** The one that is shown in place of the groups. */
  chosen: ShallowRef<View | null>
  found: ComputedRef<Record<View, readonly Conversation[]>>
  /** The groups and what was put off, each in the order that this agent has chosen; what has ended by its newest line. */
  groups: ComputedRef<Record<Part, readonly Conversation[]>>
}

/** Conversations whose window closes or is nearly spent; what is not loaded here comes in within a minute. */
export function useViews(): Views {
  const conversations = useConversations()
  const contacts = useContacts()
  const clock = useClock()
  const session = useSession()
  const preferences = usePreferences()

  /** Agents see what they can do something about. */
  function concerns(conversation: Conversation): boolean {
    return session.agent?.role !== 'agent' || conversations.groupOf(conversation) !== 'others'
  }

  const allowanceOf = ({ contact }: Conversation) => contacts.newest(contact).allowance

  const closesAt = (conversation: Conversation) => windowOf(allowanceOf(conversation))?.closesAt ?? Infinity

  const found = computed(() => {
    const all = [...conversations.byId.values()].filter(concerns)
    return Object.fromEntries(VIEWS.map(view => [view, pick(view, all, clock.now, allowanceOf)])) as Record<View, Conversation[]>
  })
  const groups = computed(() => {
    const order = preferences.chosen.order
    const sorted = (all: readonly Conversation[]) => ordered(order, all, closesAt)
    const { waiting, mine, others, closed } = conversations.groups
    const later = mine.filter(isLater).toSorted((one, other) => comesBack(one) - comesBack(other))
    return { waiting: sorted(waiting), mine: sorted(mine.filter(one => !isLater(one))), later, others: sorted(others), closed }
  })

  useIntervalFn(() => document.hidden || void conversations.readViews().catch(() => {}), AGAIN_MS)
  watchDebounced(() => conversations.groups.waiting.length, () => void conversations.countWaiting().catch(() => {}), { debounce: SETTLE_MS, maxWait: LONGEST_SETTLE_MS })

  return { chosen: shallowRef(null), found, groups }
}

function isLater({ snoozed_until }: Conversation): boolean {
  return snoozed_until !== null
}

function comesBack({ snoozed_until }: Conversation): number {
  return Date.parse(snoozed_until ?? '')
}
