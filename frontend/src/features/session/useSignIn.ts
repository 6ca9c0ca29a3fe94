import type { ComputedRef, Ref } from 'vue'
import { computed, onScopeDispose, shallowRef } from 'vue'
import { Problem } from '@/api/http'
import { useTimeText } from '@/composables/useTimeText'
import { problemText, t } from '@/i18n'
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
  const times = useTimeText()
  const busy = shallowRef(false)
  const refusal = shallowRef<Problem | null>(null)
  const secondsLeft = shallowRef(0)
  let timer: ReturnType<typeof setInterval> | undefined

  const mustWait = computed(() => secondsLeft.value > 0)
  const failure = computed(() => {
    if (!refusal.value) return ''
    const { code, facts } = refusal.value
    switch (code) {
      case 'wrong_credentials': return t('signIn.wrong')
      case 'too_many_tries': return mustWait.value ? t('signIn.wait', { seconds: secondsLeft.value }) : ''
      case 'sign_in_locked': return t('signIn.locked', { until: times.clock(String(facts.until)) })
      default: return problemText(code, facts)
    }
  })

  function countDown(seconds: number): void {
    clearInterval(timer)
    secondsLeft.value = seconds
    timer = setInterval(() => {
      secondsLeft.value = Math.max(0, secondsLeft.value - 1)
      if (secondsLeft.value === 0) clearInterval(timer)
    }, 1_000)
  }

  onScopeDispose(() => clearInterval(timer))

  async function signIn(username: string, password: string): Promise<boolean> {
    busy.value = true
    refusal.value = null
    try {
      await session.signIn(username, password)
      return true
    }
    catch (error) {
      if (!(error instanceof Problem)) throw error
      refusal.value = error
      if (error.code === 'too_many_tries') countDown(Number(error.facts.retry_after_seconds))
      return false
    }
    finally {
      busy.value = false
    }
  }

  return { busy, failure, mustWait, signIn }
}
