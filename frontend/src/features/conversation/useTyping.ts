import { showTyping } from '@/api/conversations'

export const EVERY_MS = 5_000

/** Tell the desk that somebody writes, at most every five seconds; whether it hears is nobody's business. */
export function useTyping(conversationId: () => number): () => void {
  let last = -Infinity

  return () => {
    if (performance.now() - last < EVERY_MS) return
    last = performance.now()
    showTyping(conversationId()).catch(() => {})
  }
}
