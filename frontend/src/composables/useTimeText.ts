import { locale, t } from '@/i18n'
import { useClock } from '@/stores/clock'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

export interface TimeText {
  /** For lists: 刚刚, 3分钟, 14:05, 昨天, 11月20日. */
  short: (moment: string) => string
  /** 14:05 */
  clock: (moment: string) => string
  /** For separators: 今天, 昨天, 11月20日 星期五. */
  day: (moment: string) => string
  /** All of it, for hovering. */
  full: (moment: string) => string
  /** In sentences: 14:05, 昨天 14:05, 明天 9:00, 11月20日 14:05. */
  at: (moment: string) => string
  /** 11月20日 */
  date: (moment: string) => string
  /** How long since: 3分钟, 2:05, 1天; nothing in the first minute. */
  since: (moment: string) => string
}

/** Moments in words, in the agent's language and by the desk's time. */
export function useTimeText(): TimeText {
  const clock = useClock()

  function say(moment: string, options: Intl.DateTimeFormatOptions): string {
    return formatOf(locale.value, options).format(new Date(moment))
  }

  function daysAgo(moment: string): number {
    return Math.round((startOfDay(clock.now) - startOfDay(Date.parse(moment))) / DAY_MS)
  }

  function date(moment: string, options: Intl.DateTimeFormatOptions): string {
    const sameYear = new Date(moment).getFullYear() === new Date(clock.now).getFullYear()
    return say(moment, { ...options, ...(!sameYear && { year: 'numeric' }) })
  }

  const time = (moment: string): string => say(moment, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

  return {
    clock: time,
    full: moment => say(moment, { dateStyle: 'full', timeStyle: 'medium' }),
    short: (moment) => {
      const minutes = Math.floor((clock.now - Date.parse(moment)) / MINUTE_MS)
      if (minutes < 1) return t('time.now')
      if (minutes < 60) return t('time.minutes', { n: minutes })
      if (daysAgo(moment) === 0) return time(moment)
      if (daysAgo(moment) === 1) return t('time.yesterday')
      return date(moment, { month: 'short', day: 'numeric' })
    },
    day: (moment) => {
      if (daysAgo(moment) === 0) return t('time.today')
      if (daysAgo(moment) === 1) return t('time.yesterday')
      return date(moment, { month: 'long', day: 'numeric', weekday: 'short' })
    },
    at: (moment) => {
      if (daysAgo(moment) === 0) return time(moment)
      const day = daysAgo(moment) === 1 ? t('time.yesterday') : daysAgo(moment) === -1 ? t('time.tomorrow') : date(moment, { month: 'short', day: 'numeric' })
      return `${day} ${time(moment)}`
    },
    date: moment => date(moment, { month: 'short', day: 'numeric' }),
    since: (moment) => {
      const minutes = Math.max(0, Math.floor((clock.now - Date.parse(moment)) / MINUTE_MS))
      if (minutes === 0) return ''
      if (minutes >= 24 * 60) return t('time.days', { n: Math.floor(minutes / (24 * 60)) })
      return minutes < 60 ? t('time.minutes', { n: minutes }) : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
    },
  }
}

function startOfDay(moment: number): number {
  return new Date(moment).setHours(0, 0, 0, 0)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making one is slow; there are only a few. */
function formatOf(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options)
  const made = formats.get(key) ?? new Intl.DateTimeFormat(language, options)
  formats.set(key, made)
  return made
}
