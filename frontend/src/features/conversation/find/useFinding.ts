import type { ComputedRef, Ref } from 'vue'
import { watchDebounced } from '@vueuse/core'
import { computed, shallowRef } from 'vue'
import { Problem } from '@/api/http'
import { searchWithin } from '@/api/search'

const PAUSE_MS = 200

export interface Finding {
  /** Where one is among what was found, from 1; 0: nothing was. */
  at: ComputedRef<number>
  count: ComputedRef<number>
  /** There are more than were counted. */
  more: ComputedRef<boolean>
  state: Ref<'idle' | 'searching' | 'ready'>
  /** Why it could not be searched for. */
  refusal: Ref<string | null>
  step: (by: 1 | -1) => Promise<void>
}

/** What answers to some words in one conversation, the newest first; `show` is given one after the other. */
export function useFinding(conversationId: () => number, words: Ref<string>, show: (messageId: number) => void): Finding {
  const ids = shallowRef<readonly number[]>([])
  const next = shallowRef<number | null>(null)
  const total = shallowRef(0)
  const more = shallowRef(false)
  const place = shallowRef(0)
  const state = shallowRef<'idle' | 'searching' | 'ready'>('idle')
  const refusal = shallowRef<string | null>(null)
  let asked = 0

  function forget(): void {
    ids.value = []
    next.value = null
    total.value = place.value = 0
    refusal.value = null
  }

  async function find(): Promise<void> {
    const mine = ++asked
    forget()
    if (words.value.trim() === '') return void (state.value = 'idle')
    state.value = 'searching'
    try {
      const found = await searchWithin(conversationId(), words.value)
      if (mine !== asked) return
      ids.value = found.items.map(({ id }) => id)
      next.value = found.next
      total.value = found.count ?? found.items.length
      more.value = found.more
      if (ids.value.length) show(ids.value[0]!)
    }
    catch (error) {
      if (!(error instanceof Problem)) throw error
      if (mine === asked) refusal.value = error.code
    }
    finally {
      if (mine === asked) state.value = 'ready'
    }
  }

  async function fetchMore(): Promise<void> {
    const mine = asked
    const found = await searchWithin(conversationId(), words.value, next.value).catch(() => null)
    if (!found || mine !== asked) return
    ids.value = [...ids.value, ...found.items.map(({ id }) => id)]
    next.value = found.next
  }

  /** To an older one (1) or a newer one (-1); after the last comes the first again. */
  async function step(by: 1 | -1): Promise<void> {
    if (by > 0 && place.value === ids.value.length - 1 && next.value !== null) await fetchMore()
    const length = ids.value.length
    if (!length) return
    place.value = (place.value + by + length) % length
    show(ids.value[place.value]!)
  }

  watchDebounced([words, conversationId], find, { debounce: PAUSE_MS })

  return {
    at: computed(() => ids.value.length ? place.value + 1 : 0),
    count: computed(() => total.value),
    more: computed(() => more.value),
    state,
    refusal,
    step,
  }
}
