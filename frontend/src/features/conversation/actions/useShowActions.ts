import type { Ref } from 'vue'
import type { ShownMessage } from '@/stores/messages'
import { inject } from 'vue'
import { useHold } from '@/composables/useHold'
import { MESSAGE_HELD } from '../viewer'

/**
 * What can be done with a message is shown where the other mouse button is pressed on it, which the caller hands on; on a
 * phone, after a long press. In a preview nothing can be done.
 */
export function useShowActions(place: Readonly<Ref<HTMLElement | null>>, message: () => ShownMessage): (event: MouseEvent) => void {
  const held = inject(MESSAGE_HELD, null)
  useHold(place, () => held?.(message()))

  /** What is chosen, linked, or to be looked at has a menu of the browser's own; a finger has the long press. */
  return (event) => {
    const target = event.target as HTMLElement
    if (!held || (event as PointerEvent).pointerType === 'touch') return
    if (target.closest('a, img, video, audio, input') || !document.getSelection()?.isCollapsed) return
    event.preventDefault()
    held(message(), { x: event.clientX, y: event.clientY })
  }
}
