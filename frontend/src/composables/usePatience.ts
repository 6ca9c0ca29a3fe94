import type { ComputedRef } from 'vue'
import { computed, onScopeDispose, shallowRef } from 'vue'
import { Problem } from '@/api/http'
import { problemText, t } from '@/i18n'
import { useTimeText } from './useTimeText'

export interface Patience {
  /** Why a password was not taken, with what to do; counts down where one has to wait. */
  failure: ComputedRef<string>
  mustWait: ComputedRef<boolean>
  begin: () => void
  /** What is no problem of the desk's is thrown on. */
  note: (error: unknown) => void
}

/** What the desk says of passwords that are wrong, and how long it wants nothing to be tried. */
export function usePatience(): Patience {
  const times = useTimeText()
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

  function note(error: unknown): void {
    if (!(error instanceof Problem)) throw error
    refusal.value = error
    if (error.code === 'too_many_tries') countDown(Number(error.facts.retry_after_seconds))
  }

  function countDown(seconds: number): void {
    clearInterval(timer)
    secondsLeft.value = seconds
    timer = setInterval(() => {
      secondsLeft.value = Math.max(0, secondsLeft.value - 1)
      if (secondsLeft.value === 0) clearInterval(timer)
    }, 1_000)
  }

  onScopeDispose(() => clearInterval(timer))

  return { failure, mustWait, begin: () => { refusal.value = null }, note }
}
