import { useDocumentVisibility, useEventListener } from '@vueuse/core'
import { onScopeDispose, watch } from 'vue'
import { look, lookAway } from '@/api/viewing'

/** Lets colleagues know at what this page looks while it is in sight; that they hear it keeps nothing waiting. */
export function useLooking(conversationId: () => number | null): void {
  const visibility = useDocumentVisibility()
  let at: number | null = null

  function turnTo(id: number | null): void {
    if (id === at) return
    if (id !== null) look(id).catch(() => {})
    else if (at !== null) lookAway(at).catch(() => {})
    at = id
  }

  watch([conversationId, visibility], ([id, seen]) => turnTo(seen === 'visible' ? id : null), { immediate: true })
  useEventListener(window, 'pagehide', () => turnTo(null))
  onScopeDispose(() => turnTo(null))
}
