import type { ComputedRef, ShallowRef } from 'vue'
import type { Part } from './entries'
import type { Known } from './filter'
import type { Wanted, WindowView } from '@/api/conversations'
import type { Filter, SavedView } from '@/api/savedViews'
import type { Conversation } from '@/api/types'
import type { Order } from '@/stores/preferences'
import { useIntervalFn, watchDebounced } from '@vueuse/core'
import { computed, shallowReactive, shallowRef, watch } from 'vue'
import { windowOf } from '@/composables/allowance'
import { ordered } from '@/composables/order'
import { useClock } from '@/stores/clock'
import { useContacts } from '@/stores/contacts'
import { useConversations } from '@/stores/conversations'
import { usePreferences } from '@/stores/preferences'
import { useSession } from '@/stores/session'
import { isEmpty, matches, questions, tidied } from './filter'
import { pick, VIEWS } from './views'

const AGAIN_MS = 60_000
const SETTLE_MS = 1_000
const LONGEST_SETTLE_MS = 5_000
/** So many rows fill any screen; until then more is read. */
const ENOUGH = 30

/** They outlive the list: whoever comes back to it finds it as it was. */
const filter = shallowRef<Filter>({})
const saved = shallowRef<SavedView | null>(null)

export interface Views {
  /** What is shown in place of the groups; empty: nothing. */
  filter: ShallowRef<Filter>
  /** The saved view that was chosen, though its filter may have been changed since. */
  saved: ShallowRef<SavedView | null>
  choose: (wanted: Filter, from?: SavedView | null) => void
  order: ComputedRef<Order>
  found: ComputedRef<Record<WindowView, readonly Conversation[]>>
  /** The groups and what was put off, each in the order that this agent has chosen; what has ended by its newest line. */
  groups: ComputedRef<Record<Part, readonly Conversation[]>>
  /** What the filter lets through; null: there is none. */
  only: ComputedRef<readonly Conversation[] | null>
  /** How many of those that are here. */
  countOf: (wanted: Filter) => number
  loading: ComputedRef<boolean>
  /** The desk has more of it, and is not being asked already. */
  more: ComputedRef<boolean>
  loadMore: () => Promise<void>
  /** Read what a filter and the views of windows find once more. */
  again: () => Promise<void>
}

/** The list as groups, or as a filter finds it; what is not loaded here is read from the desk, and again within a minute. */
export function useViews(): Views {
  const conversations = useConversations()
  const contacts = useContacts()
  const clock = useClock()
  const session = useSession()
  const preferences = usePreferences()
  /** Of each question, where the next page begins; null after the last. */
  const next = shallowReactive(new Map<Wanted, string | null | undefined>())
  const busy = shallowRef(false)

  /** Agents see what they can do something about. */
  function concerns(conversation: Conversation): boolean {
    return session.agent?.role !== 'agent' || conversations.groupOf(conversation) !== 'others'
  }

  const allowanceOf = ({ contact }: Conversation) => contacts.newest(contact).allowance

  const closesAt = (conversation: Conversation) => windowOf(allowanceOf(conversation))?.closesAt ?? Infinity

  function known(): Known {
    return { now: clock.now, me: session.agent?.id ?? 0, groupOf: conversations.groupOf, contactOf: ({ contact }) => contacts.newest(contact), allowanceOf, concerns }
  }

  function shownBy(wanted: Filter): Conversation[] {
    const facts = known()
    return [...conversations.byId.values()].filter(one => matches(wanted, one, facts))
  }

  const order = computed(() => saved.value?.sort ?? preferences.chosen.order)
  const only = computed(() => isEmpty(filter.value) ? null : ordered(order.value, shownBy(filter.value), closesAt))
  const found = computed(() => {
    const all = [...conversations.byId.values()].filter(concerns)
    return Object.fromEntries(VIEWS.map(view => [view, pick(view, all, clock.now, allowanceOf)])) as Record<WindowView, Conversation[]>
  })
  const groups = computed(() => {
    const sorted = (all: readonly Conversation[]) => ordered(preferences.chosen.order, all, closesAt)
    const { waiting, mine, others, closed } = conversations.groups
    const later = mine.filter(isLater).toSorted((one, other) => comesBack(one) - comesBack(other))
    return { waiting: sorted(waiting), mine: sorted(mine.filter(one => !isLater(one))), later, others: sorted(others), closed }
  })

  function choose(wanted: Filter, from: SavedView | null = null): void {
    filter.value = tidied(wanted)
    saved.value = from
  }

  async function begin(): Promise<void> {
    next.clear()
    if (isEmpty(filter.value)) return
    for (const question of questions(filter.value)) next.set(question, undefined)
    await loadMore()
  }

  /** The next page of each question, until enough is here. */
  async function loadMore(): Promise<void> {
    if (busy.value) return
    busy.value = true
    const wanted = filter.value
    const before = only.value?.length ?? 0
    try {
      do await readPages(wanted)
      while (wanted === filter.value && hasMore() && (only.value?.length ?? 0) < Math.max(ENOUGH, before + 1))
    }
    catch { /* what is here is shown; within a minute it is tried again */ }
    busy.value = false
    if (wanted !== filter.value) void begin()
  }

  async function readPages(wanted: Filter): Promise<void> {
    await Promise.all([...next].filter(([, cursor]) => cursor !== null).map(async ([question, cursor]) => {
      const after = await conversations.readFound(question, cursor ?? null)
      if (wanted === filter.value) next.set(question, after)
    }))
  }

  function hasMore(): boolean {
    return [...next.values()].some(cursor => cursor !== null)
  }

  async function again(): Promise<void> {
    if (document.hidden) return
    await conversations.readViews().catch(() => {})
    if (!busy.value) await Promise.all(questions(filter.value).map(question => isEmpty(filter.value) || conversations.readFound(question, null).catch(() => {})))
  }

  watch(filter, begin, { immediate: true })
  useIntervalFn(() => void again(), AGAIN_MS)
  watchDebounced(() => conversations.groups.waiting.length, () => void conversations.countWaiting().catch(() => {}), { debounce: SETTLE_MS, maxWait: LONGEST_SETTLE_MS })

  return {
    filter,
    saved,
    choose,
    order,
    found,
    groups,
    only,
    countOf: wanted => shownBy(wanted).length,
    loading: computed(() => busy.value),
    more: computed(() => !busy.value && hasMore()),
    loadMore,
    again,
  }
}

function isLater({ snoozed_until }: Conversation): boolean {
  return snoozed_until !== null
}

function comesBack({ snoozed_until }: Conversation): number {
  return Date.parse(snoozed_until ?? '')
}
