/** A week of office hours, day by day: values in, values out. */
import type { Interval } from '@/api/admin'

export interface Part { begins: string, ends: string }
/** Seven days from Monday. */
export type Week = readonly (readonly Part[])[]

export const DAYS = [0, 1, 2, 3, 4, 5, 6] as const
export const MOST_A_DAY = 8
const OFFICE: Part = { begins: '09:00', ends: '18:00' }

/** What an office has as a rule, for a table that begins empty. */
export const USUAL: Week = DAYS.map(day => day < 5 ? [OFFICE] : [])

export function weekOf(intervals: readonly Interval[]): Week {
  return DAYS.map(day => intervals.filter(one => one.day === day).map(({ begins, ends }) => ({ begins, ends: ends === '24:00' ? '00:00' : ends })))
}

/** Browsers' clocks know no 24:00. */
export function intervalsOf(week: Week): Interval[] {
  return week.flatMap((parts, day) => parts.map(({ begins, ends }) => ({ day, begins, ends: ends === '00:00' ? '24:00' : ends })))
}

export function isRight(week: Week): boolean {
  return week.every((parts, day) => {
    const ordered = intervalsOf(DAYS.map(one => one === day ? parts : [])).sort((one, other) => one.begins < other.begins ? -1 : 1)
    return ordered.every(({ begins, ends }, at) => begins !== '' && ends !== '' && begins < ends && (at === 0 || ordered[at - 1]!.ends <= begins))
  })
}

/** One day with another part, behind what there is. */
export function added(week: Week, day: number): Week {
  const last = week[day]!.at(-1)
  const part = last ? { begins: last.ends, ends: '00:00' } : OFFICE
  return week.map((parts, at) => at === day ? [...parts, part] : parts)
}

export function changed(week: Week, day: number, place: number, change: Partial<Part> | null): Week {
  return week.map((parts, at) => at !== day ? parts : parts.flatMap((part, here) => here !== place ? [part] : change === null ? [] : [{ ...part, ...change }]))
}

/** Tuesday to Friday as Monday. */
export const asMonday = (week: Week): Week => week.map((parts, day) => day < 5 ? week[0]! : parts)
