import type { ComputedRef, Ref, ShallowRef } from 'vue'
import { useEventListener, useResizeObserver } from '@vueuse/core'
import { computed, nextTick, shallowRef } from 'vue'

/** So near to the end counts as at the end. */
const NEAR_END_PX = 48
/** So near to the top older messages are fetched, so near to the bottom newer ones. */
const NEAR_PX = 240

export interface StickyScroll {
  atEnd: Ref<boolean>
  nearTop: ComputedRef<boolean>
  nearBottom: ComputedRef<boolean>
  toEnd: () => void
  /** Change what is above without moving what is read. */
  keepingPlace: (change: () => Promise<void>) => Promise<void>
}

/** A thread stays at its end while it grows, unless somebody has scrolled up to read, or what is here does not `reach` its end. */
export function useStickyScroll(box: Readonly<ShallowRef<HTMLElement | null>>, content: Readonly<ShallowRef<HTMLElement | null>>, reaches: () => boolean): StickyScroll {
  const atEnd = shallowRef(true)
  const top = shallowRef(0)
  const below = shallowRef(0)

  function look(): void {
    const { scrollTop, scrollHeight, clientHeight } = box.value!
    const near = scrollHeight - scrollTop - clientHeight <= NEAR_END_PX
    // It may have grown since it was scrolled to its end; only whoever scrolls up leaves it.
    atEnd.value = reaches() && (near || (atEnd.value && scrollTop >= top.value))
    top.value = scrollTop
    below.value = scrollHeight - scrollTop - clientHeight
  }

  function toEnd(): void {
    if (!box.value) return
    box.value.scrollTop = box.value.scrollHeight
    look()
  }

  async function keepingPlace(change: () => Promise<void>): Promise<void> {
    const fromEnd = () => box.value ? box.value.scrollHeight - box.value.scrollTop : 0
    const before = fromEnd()
    await change()
    await nextTick()
    if (box.value && !atEnd.value) box.value.scrollTop += fromEnd() - before
  }

  useEventListener(box, 'scroll', look, { passive: true })
  useResizeObserver([box, content], () => { if (atEnd.value) toEnd() })

  return { atEnd, nearTop: computed(() => top.value < NEAR_PX), nearBottom: computed(() => below.value < NEAR_PX), toEnd, keepingPlace }
}
