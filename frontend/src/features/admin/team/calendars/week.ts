/** A week of opening hours, day by day: values in, values out. */
export interface Part { begins: string, ends: string }
/** Seven days from Monday. */
export type Week = readonly (readonly Part[])[]

export const DAYS = [0, 1, 2, 3, 4, 5, 6] as const
export const MOST_A_DAY = 8
const OFFICE: Part = { begins: '09:00', ends: '18:00' }

/** What an office has as a rule, for a table that begins empty. */
export const USUAL: Week = DAYS.map(day => day < 5 ? [OFFICE] : [])

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
