import type { ComputedRef, Ref, ShallowRef, WatchSource } from 'vue'
import { useEventListener, useResizeObserver } from '@vueuse/core'
import { computed, shallowRef, watch } from 'vue'

/** So near to the end counts as at the end. */
const NEAR_END_PX = 48
/** So near to the top older messages are fetched, so near to the bottom newer ones. */
const NEAR_PX = 240

export interface StickyScroll {
  atEnd: Ref<boolean>
  nearTop: ComputedRef<boolean>
  nearBottom: ComputedRef<boolean>
  toEnd: () => void
  /** What is read does not move while what is above, or below, is changed. */
  keepPlaceThrough: (changes: WatchSource) => void
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

  function keepPlaceThrough(changes: WatchSource): void {
    let read: { id: string, top: number } | null = null
    watch(changes, () => {
      const place = atEnd.value ? undefined : firstInSight()
      read = place ? { id: place.id, top: topOf(place) } : null
    }, { flush: 'pre' })
    watch(changes, () => {
      const place = read && document.getElementById(read.id) // what it belongs to may be drawn anew
      if (box.value && place && !atEnd.value) box.value.scrollTop += topOf(place) - read!.top
    }, { flush: 'post' })
  }

  /** Of what can be told from the rest. */
  function firstInSight(): Element | undefined {
    const edge = topOf(box.value)
    return [...content.value?.querySelectorAll('[id]') ?? []].find(each => each.getBoundingClientRect().bottom > edge)
  }

  useEventListener(box, 'scroll', look, { passive: true })
  useResizeObserver([box, content], () => { if (atEnd.value) toEnd() })

  return { atEnd, nearTop: computed(() => top.value < NEAR_PX), nearBottom: computed(() => below.value < NEAR_PX), toEnd, keepPlaceThrough }
}

function topOf(place: Element | null | undefined): number {
  return place?.getBoundingClientRect().top ?? 0
}
