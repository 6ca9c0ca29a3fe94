import type { ComputedRef, ShallowRef } from 'vue'
import type { View } from '@/api/conversations'
import type { Conversation } from '@/api/types'
import { useIntervalFn } from '@vueuse/core'
import { computed, shallowRef } from 'vue'
import { useClock } from '@/stores/clock'
import { useContacts } from '@/stores/contacts'
import { useConversations } from '@/stores/conversations'
import { useSession } from '@/stores/session'
import { byWindow, pick, VIEWS } from './views'

const AGAIN_MS = 60_000

export interface Views {
  /** The one that is shown in place of the groups. */
  chosen: ShallowRef<View | null>
  found: ComputedRef<Record<View, readonly Conversation[]>>
  /** One's own, the one whose window closes first before all others. */
  mine: ComputedRef<readonly Conversation[]>
}

/** Conversations whose window closes or is nearly spent; what is not loaded here comes in within a minute. */
export function useViews(): Views {
  const conversations = useConversations()
  const contacts = useContacts()
  const clock = useClock()
  const session = useSession()

  /** Agents see what they can do something about. */
  function concerns(conversation: Conversation): boolean {
    return session.agent?.role !== 'agent' || conversations.groupOf(conversation) !== 'others'
  }

  const allowanceOf = ({ contact }: Conversation) => contacts.newest(contact).allowance

  const found = computed(() => {
    const all = [...conversations.byId.values()].filter(concerns)
    return Object.fromEntries(VIEWS.map(view => [view, pick(view, all, clock.now, allowanceOf)])) as Record<View, Conversation[]>
  })
  const mine = computed(() => byWindow(conversations.groups.mine, clock.now, allowanceOf))

  useIntervalFn(() => document.hidden || void conversations.readViews().catch(() => {}), AGAIN_MS)

  return { chosen: shallowRef(null), found, mine }
}
