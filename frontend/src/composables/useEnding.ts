import type { ShallowRef } from 'vue'
import { shallowRef } from 'vue'

/** What is asked about a conversation: whether it is to end, what it was about, how it was. */
export interface Asked {
  act: 'end' | 'summary' | 'invite'
  conversationId: number
  /** Go on with the next one afterwards. */
  next?: boolean
}

const asked = shallowRef<Asked | null>(null)

export function useEnding(): ShallowRef<Asked | null> {
  return asked
}

/** Nothing happens unless the conversation is on the screen, and it may be done there. */
export function askAbout(conversationId: number, act: Asked['act'], next = false): void {
  asked.value = { act, conversationId, next }
}
