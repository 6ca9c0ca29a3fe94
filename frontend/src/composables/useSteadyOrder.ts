import type { ComputedRef, Ref } from 'vue'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'

/** How long the pointer must be elsewhere before rows may move. */
export const AWAY_MS = 1_000

export interface SteadyOrder<Entry> {
  shown: Ref<readonly Entry[]>
  /** Another order is waiting until the pointer has left. */
  waiting: ComputedRef<boolean>
  enter: (event: PointerEvent) => void
  leave: () => void
  /** Take the new order now. */
  settle: () => void
}

/** Entries in an order that never changes under the pointer. */
export function useSteadyOrder<Entry extends { key: string }>(wanted: () => readonly Entry[]): SteadyOrder<Entry> {
  const shown = shallowRef<readonly Entry[]>(wanted())
  const held = shallowRef(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  const waiting = computed(() => held.value && !sameKeys(shown.value, wanted()))

  function settle(): void {
    shown.value = wanted()
  }

  function release(): void {
    held.value = false
    settle()
  }

  watch(wanted, (entries) => {
    if (!held.value || shown.value.length === 0 || sameKeys(shown.value, entries)) settle()
  })
  onScopeDispose(() => clearTimeout(timer))

  return {
    shown,
    waiting,
    settle,
    enter: ({ pointerType }) => {
      if (pointerType !== 'mouse') return
      clearTimeout(timer)
      held.value = true
    },
    leave: () => {
      clearTimeout(timer)
      timer = setTimeout(release, AWAY_MS)
    },
  }
}

function sameKeys(some: readonly { key: string }[], others: readonly { key: string }[]): boolean {
  return some.length === others.length && some.every((entry, at) => entry.key === others[at]!.key)
}
