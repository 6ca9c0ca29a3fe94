import type { ComputedRef, Ref } from 'vue'
import { shallowRef } from 'vue'
import { usePatience } from '@/composables/usePatience'
import { useSession } from '@/stores/session'

export interface UseSignIn {
  busy: Ref<boolean>
  /** Why it did not work, with what to do; counts down where one has to wait. */
  failure: ComputedRef<string>
  mustWait: ComputedRef<boolean>
  /** True once signed in. */
  signIn: (username: string, password: string) => Promise<boolean>
}

export function useSignIn(): UseSignIn {
  const session = useSession()
  const { failure, mustWait, begin, note } = usePatience()
  const busy = shallowRef(false)

  async function signIn(username: string, password: string): Promise<boolean> {
    busy.value = true
    begin()
    try {
      await session.signIn(username, password)
      return true
    }
    catch (error) {
      note(error)
      return false
    }
    finally {
      busy.value = false
    }
  }

  return { busy, failure, mustWait, signIn }
}
