import type { Ref } from 'vue'
import { useEventListener } from '@vueuse/core'
import { onScopeDispose, shallowRef, watch } from 'vue'
import { writeKept } from '@/stores/kept'

/** Nobody has touched this desk for so long: somebody asks. */
export const ASK_AFTER_MS = 10 * 60_000
/** Nobody has answered for so long: nobody is there. */
export const ANSWER_WITHIN_MS = 60_000
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const
/** Other tabs of this browser are told of it, but not every time. */
const TELL_EVERY_MS = 5_000
const KEY = 'wxdesk:touched'

export interface Idle {
  /** When it is over, in milliseconds; null: nobody is asked. */
  askedUntil: Ref<number | null>
  touch: () => void
}

/**
 * Whether somebody sits at this desk.
 *
 * @param matters - Whether anybody need be asked at all.
 * @param gone - Nobody has answered.
 * @param back - Something was touched again after that.
 */
export function useIdle(matters: () => boolean, gone: () => void, back: () => void): Idle {
  const askedUntil = shallowRef<number | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let isGone = false
  let told = 0

  function rest(): void {
    clearTimeout(timer)
    askedUntil.value = null
    if (matters()) timer = setTimeout(ask, ASK_AFTER_MS)
  }

  function ask(): void {
    askedUntil.value = Date.now() + ANSWER_WITHIN_MS
    timer = setTimeout(leave, ANSWER_WITHIN_MS)
  }

  function leave(): void {
    askedUntil.value = null
    isGone = true
    gone()
  }

  function touched(): void {
    if (isGone) back()
    isGone = false
    rest()
  }

  function touch(): void {
    if (Date.now() - told >= TELL_EVERY_MS) {
      told = Date.now()
      writeKept(KEY, told)
    }
    touched()
  }

  watch(matters, rest, { immediate: true })
  for (const name of TOUCHES) useEventListener(window, name, touch, { passive: true, capture: true })
  useEventListener(window, 'storage', ({ key }) => key === KEY && touched())
  onScopeDispose(() => clearTimeout(timer))

  return { askedUntil, touch }
}
