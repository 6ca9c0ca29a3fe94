import type { ComputedRef, ShallowRef } from 'vue'
import type { View } from '@/api/conversations'
import type { Conversation } from '@/api/types'
import type { Group } from '@/stores/conversations'
import { useIntervalFn } from '@vueuse/core'
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

export interface Views {
  /** The one that is shown in place of the groups. */
  chosen: ShallowRef<View | null>
  found: ComputedRef<Record<View, readonly Conversation[]>>
  /** The groups, each in the order that this agent has chosen; what has ended by its newest line. */
  groups: ComputedRef<Record<Group, readonly Conversation[]>>
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
    return { waiting: sorted(waiting), mine: sorted(mine), others: sorted(others), closed }
  })

  useIntervalFn(() => document.hidden || void conversations.readViews().catch(() => {}), AGAIN_MS)

  return { chosen: shallowRef(null), found, groups }
}
