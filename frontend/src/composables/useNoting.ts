import type { WritableComputedRef } from 'vue'
import { computed } from 'vue'
import { useDrafts } from '@/stores/drafts'

/** Whether a note is written in a conversation, not a reply. */
export function useNoting(conversationId: () => number): WritableComputedRef<boolean> {
  const { noting } = useDrafts()
  return computed({
    get: () => noting.has(conversationId()),
    set: on => on ? noting.add(conversationId()) : noting.delete(conversationId()),
  })
}
