import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { useClock } from './clock'

export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'catching_up' | 'offline'

/** How fresh what is on the screen is. */
export const useConnection = defineStore('connection', () => {
  const state = shallowRef<LiveState>('connecting')
  /** While catching up: how many changes are to come. */
  const changes = shallowRef(0)
  /** Conversations that changed while we were away; marked for a moment. */
  const changed = shallowRef<ReadonlySet<number>>(new Set())

  /** When anything was heard of the desk last, by its own time; null: nothing yet. */
  const heardAt = shallowRef<number | null>(null)

  function hear(): void {
    heardAt.value = useClock().moment().getTime()
  }

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

  return { state, changes, changed, heardAt, hear, set, mark, unmark }
})
