import type { Ref } from 'vue'
import { onScopeDispose, shallowRef } from 'vue'

export const EVERY_MS = 3_000

/** Words for a screen reader, at most once each 3 s; of what comes in between, the last is told. */
export function useThrottledNews(): { said: Ref<string>, tell: (words: string) => void } {
  const said = shallowRef('')
  let waiting: string | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  function say(words: string): void {
    said.value = words
    timer = setTimeout(next, EVERY_MS)
  }

  function next(): void {
    timer = undefined
    const words = waiting
    waiting = null
    if (words !== null) say(words)
  }

  onScopeDispose(() => clearTimeout(timer))

  return {
    said,
    tell: (words) => {
      if (timer === undefined) say(words)
      else waiting = words
    },
  }
}
