import type { Ref } from 'vue'
import { shallowRef } from 'vue'

const shown = shallowRef<number | null>(null)

/** The conversation whose assignment is explained; null: none. */
export function useWhy(): Ref<number | null> {
  return shown
}

/** Explain why a conversation still waits, or why its agent has it. */
export function showWhy(conversationId: number): void {
  shown.value = conversationId
}
