/** A calendar while it is written: values in, values out. Days are written 2026-10-01, weekdays count from Monday. */
import type { Week } from './week'
import type { Calendar, CalendarFields, Holiday, Override } from '@/api/team'
import { DAYS } from './week'

export interface Draft { name: string, timezone: string, week: Week, overrides: Record<string, Override> }
export type DayKind = 'open' | 'closed' | 'holiday' | 'workday' | 'special'

const DAY_MINUTES = 24 * 60
const WEEK_MINUTES = 7 * DAY_MINUTES
/** The first of December: from then on next year's list is missed. */
const MISSED_FROM = '12-01'

export function draftOf(kept: Calendar): Draft {
  return { name: kept.name, timezone: kept.timezone, week: DAYS.map(day => (kept.weekly[String(day)] ?? []).map(([begins, ends]) => ({ begins, ends: ends === '24:00' ? '00:00' : ends }))), overrides: { ...kept.overrides } }
}

/** A part that ends at midnight, or not after it begins, runs over it. */
export function fieldsOf({ name, timezone, week, overrides }: Draft): CalendarFields {
  const spans = week.map(parts => parts.map(({ begins, ends }): [string, string] => [begins, ends === '00:00' ? '24:00' : ends]))
  return { name: name.trim(), timezone, weekly: Object.fromEntries(spans.flatMap((day, at) => day.length ? [[String(at), day]] : [])), overrides }
}

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

/** The first day on which two parts overlap, or one is not filled in; null: it is right. */
export function faultOf(week: Week): { day: number, kind: 'overlap' | 'empty' } | null {
  const empty = week.findIndex(parts => parts.some(({ begins, ends }) => begins === '' || ends === ''))
  if (empty >= 0) return { day: empty, kind: 'empty' }
  const spans = week.flatMap((parts, day) => parts.map(({ begins, ends }) => {
    const from = day * DAY_MINUTES + minutesOf(begins)
    const to = day * DAY_MINUTES + minutesOf(ends)
    return { day, from, to: to > from ? to : to + DAY_MINUTES }
  })).sort((one, other) => one.from - other.from)
  const clash = spans.find((span, at) => {
    const next = spans[(at + 1) % spans.length]!
    return spans.length > 1 && span.to > (at + 1 === spans.length ? next.from + WEEK_MINUTES : next.from)
  })
  return clash ? { day: clash.day, kind: 'overlap' } : null
}

/** 0 is Monday. */
export function weekdayOf(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
}

/** What a date is: as its weekday, or otherwise. */
export function kindOf(date: string, { week, overrides }: Pick<Draft, 'week' | 'overrides'>): DayKind {
  const usual = (week[weekdayOf(date)] ?? []).length > 0
  const override = overrides[date]
  if (override === undefined) return usual ? 'open' : 'closed'
  if (Array.isArray(override)) return override.length ? 'special' : 'holiday'
  return (week[override.as_weekday] ?? []).length ? 'workday' : 'holiday'
}

/** The days of a month in weeks from Monday; null where the week has begun before it or goes on after it. */
export function monthOf(year: number, month: number): (string | null)[] {
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const dates = Array.from({ length }, (_, at) => `${year}-${String(month).padStart(2, '0')}-${String(at + 1).padStart(2, '0')}`)
  const lead = weekdayOf(dates[0]!)
  const blank = (n: number): null[] => dates.slice(0, n).map(() => null)
  return [...blank(lead), ...dates, ...blank((7 - (lead + length) % 7) % 7)]
}

export function overrideOf({ closed, as_weekday: like }: Holiday): Override {
  return closed || like === null ? [] : { as_weekday: like }
}

/** Those that a calendar does not have yet. */
export function missingOf(holidays: readonly Holiday[], overrides: Record<string, Override>): Holiday[] {
  return holidays.filter(holiday => JSON.stringify(overrides[holiday.date]) !== JSON.stringify(overrideOf(holiday)))
}

/** The year whose holidays a calendar should have by now and has not: from December on the next. */
export function missedYear(today: string, overrides: Record<string, Override>): number | null {
  const next = Number(today.slice(0, 4)) + 1
  return today.slice(5) >= MISSED_FROM && !Object.keys(overrides).some(date => date.startsWith(`${next}-`)) ? next : null
}

/** A clock time of a day in a time zone, as a moment; what a clock change leaves out is taken later. */
export function momentOf(local: string, timezone: string): string {
  const wished = Date.parse(`${local}Z`)
  let at = wished
  for (let turn = 0; turn < 2; turn++) at = wished - (wallOf(at, timezone) - at)
  return new Date(at).toISOString()
}

/** A moment as the clocks of a time zone show it, as if that were UTC. */
function wallOf(moment: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: timezone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' }).formatToParts(moment)
  const of = (type: string): number => Number(parts.find(part => part.type === type)!.value)
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
}

/** 2026-10-01T09:00, by the clocks of a time zone. */
export function localOf(moment: string, timezone: string): string {
  return new Date(wallOf(Date.parse(moment), timezone)).toISOString().slice(0, 16)
}

export interface Row { date: string, parts: { from: number, to: number }[] }

/** Spans of time by the day, each as parts of 24 hours, from 0 to 1. */
export function rowsOf(spans: readonly (readonly [string, string])[], timezone: string): Row[] {
  const rows = new Map<string, Row['parts']>()
  const put = (date: string, from: number, to: number): void => { if (to > from) rows.set(date, [...rows.get(date) ?? [], { from, to }]) }
  for (const [begins, ends] of spans) {
    const [from, to] = [localOf(begins, timezone), localOf(ends, timezone)]
    const share = (local: string): number => minutesOf(local.slice(11)) / DAY_MINUTES
    let date = from.slice(0, 10)
    let start = share(from)
    for (; date < to.slice(0, 10); date = dayAfter(date), start = 0) put(date, start, 1)
    put(date, start, share(to))
  }
  return [...rows].map(([date, parts]) => ({ date, parts }))
}

export function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MINUTES * 60_000).toISOString().slice(0, 10)
}
