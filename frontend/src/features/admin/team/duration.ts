/** So long, as people say it: values in, values out. */
import { t } from '@/i18n/admin'

export const UNITS = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const
export type Unit = keyof typeof UNITS

const LARGEST_FIRST: readonly Unit[] = ['day', 'hour', 'minute', 'second']

/** In the largest unit in which it is whole: 120 are two minutes, 90 are 90 seconds. */
export function partsOf(seconds: number): { n: number, unit: Unit } {
  const unit = LARGEST_FIRST.find(one => seconds >= UNITS[one] && seconds % UNITS[one] === 0) ?? 'second'
  return { n: seconds / UNITS[unit], unit }
}

/** 1 min 30 s; what is smaller than the second unit is left out. */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds)
  const first = LARGEST_FIRST.findIndex(unit => whole >= UNITS[unit])
  if (first < 0) return t('duration.second', { n: 0 })
  const [unit, smaller] = LARGEST_FIRST.slice(first) as [Unit, Unit?]
  const rest = smaller ? Math.floor(whole % UNITS[unit] / UNITS[smaller]) : 0
  const said = t(`duration.${unit}`, { n: Math.floor(whole / UNITS[unit]) })
  return rest ? `${said} ${t(`duration.${smaller!}`, { n: rest })}` : said
}
