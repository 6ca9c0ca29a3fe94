/** Days and weeks in words. */
import type { Part, Week } from './week'
import type { Override } from '@/api/team'
import { locale } from '@/i18n'
import { t } from '@/i18n/admin'

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

export const weekdayText = (day: number): string => t(`hours.day.${WEEKDAYS[day] ?? 'mon'}`)
const partText = ({ begins, ends }: Part): string => `${begins}–${ends === '00:00' ? '24:00' : ends}`

/** Days that follow each other and are alike in one line: 星期一至星期五 09:00–18:00. */
export function weekText(week: Week): string[] {
  const runs: { from: number, to: number, said: string }[] = []
  week.forEach((parts, day) => {
    const said = parts.map(partText).join(t('calendars.and'))
    const last = runs.at(-1)
    if (last && last.said === said && last.to === day - 1) last.to = day
    else runs.push({ from: day, to: day, said })
  })
  const open = runs.filter(({ said }) => said !== '')
  if (!open.length) return [t('calendars.neverOpen')]
  return open.map(({ from, to, said }) => `${from === to ? weekdayText(from) : t('calendars.fromTo', { from: weekdayText(from), to: weekdayText(to) })} ${said}`)
}

export function overrideText(override: Override): string {
  if (!Array.isArray(override)) return t('calendars.likeDay', { day: weekdayText(override.as_weekday) })
  return override.length ? override.map(([begins, ends]) => `${begins}–${ends}`).join(t('calendars.and')) : t('calendars.closed')
}

/** 10月1日 星期四 */
export function dateText(date: string, year = false): string {
  return new Intl.DateTimeFormat(locale.value, { timeZone: 'UTC', month: 'short', day: 'numeric', weekday: 'short', ...year && { year: 'numeric' } }).format(new Date(`${date}T00:00:00Z`))
}

export function monthText(year: number, month: number): string {
  return new Intl.DateTimeFormat(locale.value, { timeZone: 'UTC', year: 'numeric', month: 'long' }).format(Date.UTC(year, month - 1, 1))
}
