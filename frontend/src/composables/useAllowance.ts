import type { ComputedRef } from 'vue'
import type { Forecast, Tone } from './allowance'
import type { Contact } from '@/api/types'
import { computed } from 'vue'
import { t } from '@/i18n'
import { useClock } from '@/stores/clock'
import { forecastOf, toneOf } from './allowance'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** What is shown of an allowance: few words beside each other, and the same in a sentence. */
export interface ShownAllowance { left: number | null, of: number | null, time: string, tone: Tone, open: boolean, label: string }

export interface FollowedAllowance {
  forecast: ComputedRef<Forecast>
  shown: ComputedRef<ShownAllowance>
}

/** A customer's allowance as time goes by; in its last minutes by the second. One clock serves all. */
export function useAllowance(contact: () => Contact, owed: () => boolean): FollowedAllowance {
  const clock = useClock()
  const forecast = computed(() => {
    const { allowance } = contact()
    const rough = forecastOf(allowance, clock.now)
    return rough.endsAt !== null && isFine(rough.endsAt - clock.now) ? forecastOf(allowance, clock.second) : rough
  })
  const remaining = computed(() => {
    const { endsAt } = forecast.value
    if (endsAt === null) return 0
    return endsAt - (isFine(endsAt - clock.now) ? clock.second : clock.now)
  })

  const shown = computed<ShownAllowance>(() => {
    const { left, of, endsAt, spent } = forecast.value
    const open = endsAt !== null
    const tone = toneOf(forecast.value, (endsAt ?? 0) - remaining.value, owed())
    const standing = spent ? t('allowance.spent') : t('allowance.closed')
    const words = open ? [leftText(left), t('allowance.closes', { time: timeLeft(remaining.value) })] : [standing]
    return {
      left,
      of,
      open,
      tone,
      time: open ? timeLeft(remaining.value) : t(spent ? 'allowance.spentShort' : 'allowance.closedShort'),
      label: [...words, ...tone === 'calm' ? [] : [t('allowance.owed')]].join(t('allowance.comma')),
    }
  })

  return { forecast, shown }
}

/** When a minute is too long between two looks. */
function isFine(ms: number): boolean {
  return ms < 3 * MINUTE_MS
}

/** 还可发 3 条 */
export function leftText(left: number | null): string {
  return left === null ? t('allowance.unlimited') : t('allowance.left', { n: left })
}

/** 31小时, 85分钟, 50秒: never more than there is. */
export function timeLeft(ms: number): string {
  if (ms >= 2 * HOUR_MS) return t('allowance.hours', { n: Math.floor(ms / HOUR_MS) })
  if (ms >= 2 * MINUTE_MS) return t('allowance.minutes', { n: Math.floor(ms / MINUTE_MS) })
  return t('allowance.seconds', { n: Math.max(0, Math.floor(ms / 1000)) })
}
