import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'catching_up' | 'offline'

/** How fresh what is on the screen is. */
export const useConnection = defineStore('connection', () => {
  const state = shallowRef<LiveState>('connecting')
  /** While catching up: how many changes are to come. */
  const changes = shallowRef(0)
  /** Conversations that changed while we were away; marked for a moment. */
  const changed = shallowRef<ReadonlySet<number>>(new Set())

  function set(next: LiveState, toCome = 0): void {
    state.value = next
    changes.value = toCome
  }

  function mark(conversationId: number): void {
    changed.value = new Set([...changed.value, conversationId])
  }

  function unmark(): void {
    changed.value = new Set()
  }

  return { state, changes, changed, set, mark, unmark }
})
