import type { ComputedRef, Ref } from 'vue'
import { computed, shallowRef } from 'vue'
import { Problem } from '@/api/http'
import { problemText } from '@/i18n'

export interface Deed {
  busy: Ref<boolean>
  /** Why the last try did not work; it stays until the next. */
  failure: Ref<Problem | null>
  /** The same in words, empty where there is nothing to say. */
  refusal: ComputedRef<string>
  /** Returns whether it worked. */
  run: (act: () => Promise<unknown>) => Promise<boolean>
}

/** Something that is done one at a time, and may be refused. */
export function useDeed(): Deed {
  const busy = shallowRef(false)
  const failure = shallowRef<Problem | null>(null)
  const refusal = computed(() => failure.value ? problemText(failure.value.code, failure.value.facts) : '')

  async function run(act: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    failure.value = null
    try {
      await act()
      return true
    }
    catch (error) {
      if (!(error instanceof Problem)) throw error
      failure.value = error
      return false
    }
    finally {
      busy.value = false
    }
  }

  return { busy, failure, refusal, run }
}
