import type { ComputedRef } from 'vue'
import type { Nearness } from './deadline'
import type { Conversation } from '@/api/types'
import { computed } from 'vue'
import { t } from '@/i18n'
import { useClock } from '@/stores/clock'
import { countdown, deadlineOf, isFine } from './deadline'
import { timeLeft } from './useAllowance'

/** In a few words, and the same in a sentence. */
export interface ShownDeadline { nearness: Nearness, word: string, time: string, label: string }

/** The promise to a customer as time goes by, by the second once it is near; null: none runs. One clock serves all. */
export function useDeadline(conversation: () => Conversation | undefined): ComputedRef<ShownDeadline | null> {
  const clock = useClock()

  return computed(() => {
    const talk = conversation()
    const rough = talk && deadlineOf(talk, clock.now)
    if (!rough) return null
    const { nearness, kind, ms } = isFine(rough.ms) ? deadlineOf(talk, clock.second)! : rough
    const time = isFine(ms) ? countdown(ms) : timeLeft(ms)
    const late = nearness === 'late'
    return {
      nearness,
      time,
      word: t(late ? 'deadline.late' : `deadline.${kind}`),
      label: t(late ? `deadline.${kind}Late` : `deadline.${kind}Left`, { time }),
    }
  })
}
