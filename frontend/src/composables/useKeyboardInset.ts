import type { Ref } from 'vue'
import { useEventListener } from '@vueuse/core'
import { shallowRef } from 'vue'

/** How much of the page a keyboard covers, in pixels: where it does not make the page smaller by itself, as on iPhones. */
export function useKeyboardInset(): Readonly<Ref<number>> {
  const inset = shallowRef(0)
  const seen = window.visualViewport
  if (!seen) return inset

  function look(): void {
    const { height, offsetTop, scale } = seen!
    inset.value = scale > 1 ? 0 : Math.max(0, Math.round(window.innerHeight - height - offsetTop))
  }

  useEventListener(seen, ['resize', 'scroll'], look)
  look()
  return inset
}
