import type { Ref } from 'vue'
import { onLongPress } from '@vueuse/core'

const HELD_MS = 500
const STILL_PX = 10

/** A finger stays on something. What comes of lifting it is no tap on what has opened below it. */
export function useHold(place: Readonly<Ref<HTMLElement | null>>, held: (event: PointerEvent) => void): void {
  onLongPress(place, (event) => {
    if (event.pointerType === 'mouse') return
    swallowTap()
    held(event)
  }, { delay: HELD_MS, distanceThreshold: STILL_PX })
}

/** Until a finger comes down again. */
function swallowTap(): void {
  const over = new AbortController()
  const { signal } = over
  document.addEventListener('pointerdown', () => over.abort(), { capture: true, signal })
  document.addEventListener('click', (event) => {
    event.preventDefault()
    event.stopPropagation()
  }, { capture: true, signal })
}
