import type { ComputedRef, Ref } from 'vue'
import type { PullPhase } from './usePull'
import { computed } from 'vue'
import { t } from '@/i18n'
import { useClock } from '@/stores/clock'
import { useConnection } from '@/stores/connection'
import { useTimeText } from './useTimeText'

const MINUTE_MS = 60_000

export interface PullText { text: ComputedRef<string>, hint: ComputedRef<string> }

/** What is said above a list that is pulled down: that it is fetched, and how it stands with the line to the desk. */
export function usePullText(phase: Ref<PullPhase>): PullText {
  const clock = useClock()
  const connection = useConnection()
  const times = useTimeText()

  const heard = computed(() => {
    if (connection.heardAt === null) return t('pull.never')
    const ago = Math.max(0, clock.second - connection.heardAt)
    return ago < MINUTE_MS ? t('pull.seconds', { n: Math.floor(ago / 1_000) }) : t('pull.at', { time: times.at(new Date(connection.heardAt).toISOString()) })
  })
  const hint = computed(() => `${t(connection.state === 'live' ? 'pull.live' : `live.${connection.state}`, { n: connection.changes })} · ${heard.value}`)
  const text = computed(() => phase.value === 'rest' ? '' : t(`pull.${phase.value}`))

  return { text, hint }
}
