import type { ComputedRef, InjectionKey, Ref, ShallowRef } from 'vue'
import { useEventListener } from '@vueuse/core'
import { computed, provide, shallowRef } from 'vue'

/** Which message of a thread Tab comes to, by its key; arrows go on from there. */
export const AT_HAND: InjectionKey<ComputedRef<string | null>> = Symbol('message at hand')

/** What shows its actions says so, and whose it is. */
export const ACTIONS_OF = 'data-actions-of'

/**
 * Of all messages of a thread one is a stop for Tab, the one that was used last, at first the newest: hundreds of stops
 * would be none. Up, Down, Home and End go from one to the other.
 */
export function useAtHand(thread: Readonly<ShallowRef<HTMLElement | null>>, keys: Ref<readonly string[]>): void {
  const used = shallowRef<string | null>(null)
  provide(AT_HAND, computed(() => used.value !== null && keys.value.includes(used.value) ? used.value : keys.value.at(-1) ?? null))

  const buttons = () => [...thread.value?.querySelectorAll<HTMLElement>(`[${ACTIONS_OF}]`) ?? []]

  useEventListener(thread, 'focusin', ({ target }: FocusEvent) => {
    used.value = (target as HTMLElement).getAttribute(ACTIONS_OF) ?? used.value
  })
  useEventListener(thread, 'keydown', (event: KeyboardEvent) => {
    const all = buttons()
    const at = all.indexOf(event.target as HTMLElement)
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.code]
    if (to === undefined) return
    event.preventDefault()
    const next = all[Math.min(Math.max(to, 0), all.length - 1)]!
    next.focus({ preventScroll: true })
    next.closest('.message, .event')?.scrollIntoView({ block: 'nearest' })
  })
}
