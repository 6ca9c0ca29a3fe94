import { nextTick } from 'vue'
import { useConversations } from '@/stores/conversations'
import { useToasts } from '@/stores/toasts'

/** The reply box, wherever it is. */
export const COMPOSER_ID = 'reply-text'

/** Somebody wants to write before the box is there. */
let wanted = false

export function focusComposer(): void {
  const box = document.getElementById(COMPOSER_ID)
  wanted = box === null
  box?.focus()
}

/** The box is there now. */
export function composerAppeared(): void {
  if (wanted) focusComposer()
}

/** Become the owner of a conversation that is open, and be ready to write; or be told who was faster. */
export function useTake(): (id: number) => Promise<void> {
  const conversations = useConversations()
  const toasts = useToasts()

  return async (id) => {
    await conversations.take(id).catch(toasts.explain)
    await nextTick()
    focusComposer()
  }
}
