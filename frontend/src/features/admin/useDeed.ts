import type { Ref } from 'vue'
import { shallowRef } from 'vue'
import { Problem } from '@/api/http'

export interface Deed {
  busy: Ref<boolean>
  /** Why the last try did not work; it stays until the next. */
  failure: Ref<Problem | null>
  /** Returns whether it worked. */
  run: (act: () => Promise<unknown>) => Promise<boolean>
}

/** Something that an administrator does, one at a time. */
export function useDeed(): Deed {
  const busy = shallowRef(false)
  const failure = shallowRef<Problem | null>(null)

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

  return { busy, failure, run }
}
