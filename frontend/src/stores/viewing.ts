import type { Viewing } from '@/api/viewing'
import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import * as api from '@/api/viewing'
import { useSession } from './session'

/** What each colleague has on their screen. Everything that changes it passes through `put`. */
export const useViewing = defineStore('viewing', () => {
  const session = useSession()
  const byAgent = shallowReactive(new Map<number, Viewing>())

  /** Colleagues by the conversation at which they look; oneself is none. */
  const byConversation = computed(() => {
    const found = new Map<number, Viewing[]>()
    for (const viewing of byAgent.values()) {
      if (viewing.conversation_id === null || viewing.id === session.agent?.id) continue
      found.set(viewing.conversation_id, [...found.get(viewing.conversation_id) ?? [], viewing])
    }
    return found
  })

  /** An older copy is ignored. */
  function put(viewing: Viewing): void {
    const known = byAgent.get(viewing.id)
    if (!known || known.version <= viewing.version) byAgent.set(viewing.id, viewing)
  }

  async function load(): Promise<void> {
    const found = await api.listViewing()
    const looking = new Set(found.map(({ id }) => id))
    for (const id of byAgent.keys()) looking.has(id) || byAgent.delete(id)
    found.forEach(put)
  }

  function of(conversationId: number): readonly Viewing[] {
    return byConversation.value.get(conversationId) ?? []
  }

  function clear(): void {
    byAgent.clear()
  }

  return { put, load, of, clear }
})
