import type { Category, SummaryWish } from '@/api/summaries'
import type { Conversation } from '@/api/types'
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import * as api from '@/api/summaries'
import { choicesOf } from './categories'
import { useConversations } from './conversations'
import { useSession } from './session'

/** As the desk has it (desk/summaries/model.py). */
export const MOST_POSTPONED = 5

/** What conversations may be about, and what this agent has ended and not summed up. */
export const useSummaries = defineStore('summaries', () => {
  const session = useSession()
  const conversations = useConversations()
  const categories = shallowRef<readonly Category[]>([])
  const recentIds = shallowRef<readonly number[]>([])

  const choices = computed(() => choicesOf(categories.value))
  const recent = computed(() => recentIds.value.flatMap(id => choices.value.find(choice => choice.id === id) ?? []))
  /** The one that ended first before the others. */
  const pending = computed(() => conversations.groups.closed.filter(isOwed).toReversed())

  function isOwed({ needs_summary, assignee }: Conversation): boolean {
    return needs_summary && assignee?.id === session.agent?.id
  }

  /** Whether this agent may say what it was about. */
  function mayGive({ state, assignee }: Conversation): boolean {
    return state === 'closed' && (assignee?.id === session.agent?.id || session.agent?.role !== 'agent')
  }

  /** Administrators change them now and then: whoever ends something reads them anew. @throws {Problem} */
  async function load(): Promise<void> {
    const found = await api.listCategories()
    categories.value = found.items
    recentIds.value = found.recent
  }

  /** @throws {Problem} as the desk refuses it. */
  async function give(id: number, wish: SummaryWish): Promise<void> {
    conversations.put(await api.sumUp(id, wish))
  }

  watch(() => session.agent?.id, () => {
    categories.value = []
    recentIds.value = []
  })

  return { choices, recent, pending, mayGive, load, give }
})
