import type { Ref } from 'vue'
import { useEventListener } from '@vueuse/core'
import { onScopeDispose, shallowRef } from 'vue'
import { comesAlong, pulls, READY_PX } from './pull'

/** It rests; a finger pulls; far enough to fetch; it is fetched; it was; it could not be. */
export type PullPhase = 'rest' | 'pulling' | 'ready' | 'busy' | 'done' | 'failed'

export interface Pull {
  phase: Ref<PullPhase>
  /** How far the list is pulled down, in pixels. */
  pulled: Ref<number>
}

/** So long it is told how it went; why it did not takes longer to read. */
const TOLD_MS = { done: 1_500, failed: 4_000 }

/**
 * A list that a finger pulls down from its top is fetched anew. It is never needed: the list follows the desk by itself.
 *
 * Touches, not pointers: only their movement can be kept from scrolling.
 */
export function usePull(place: Ref<HTMLElement | null>, { scroller, refresh }: { scroller: () => HTMLElement | null, refresh: () => Promise<void> }): Pull {
  const phase = shallowRef<PullPhase>('rest')
  const pulled = shallowRef(0)
  let from: { x: number, y: number } | null = null
  let resting: ReturnType<typeof setTimeout> | undefined

  function begin({ touches }: TouchEvent): void {
    const [finger] = touches
    const atTop = (scroller()?.scrollTop ?? 0) <= 0
    from = finger && touches.length === 1 && atTop && phase.value !== 'busy' ? { x: finger.clientX, y: finger.clientY } : null
  }

  function move(event: TouchEvent): void {
    const [finger] = event.touches
    if (!from || !finger) return
    const [x, y] = [finger.clientX - from.x, finger.clientY - from.y]
    if (!isPulling()) {
      const what = pulls(x, y)
      if (what === 'no') from = null
      if (what !== 'yes') return
    }
    if (event.cancelable) event.preventDefault()
    pulled.value = comesAlong(y)
    phase.value = pulled.value >= READY_PX ? 'ready' : 'pulling'
  }

  function end(): void {
    from = null
    if (phase.value === 'ready') void fetchAnew()
    else if (phase.value === 'pulling') rest()
  }

  async function fetchAnew(): Promise<void> {
    clearTimeout(resting)
    phase.value = 'busy'
    pulled.value = READY_PX
    const how = await refresh().then(() => 'done' as const, () => 'failed' as const)
    phase.value = how
    resting = setTimeout(() => isPulling() || rest(), TOLD_MS[how])
  }

  function isPulling(): boolean {
    return phase.value === 'pulling' || phase.value === 'ready'
  }

  function rest(): void {
    phase.value = 'rest'
    pulled.value = 0
  }

  useEventListener(place, 'touchstart', begin, { passive: true })
  useEventListener(place, 'touchmove', move, { passive: false })
  useEventListener(place, ['touchend', 'touchcancel'], end, { passive: true })
  onScopeDispose(() => clearTimeout(resting))

  return { phase, pulled }
}
