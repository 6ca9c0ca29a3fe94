/** A moment as a field for date and time holds it: local, to the minute. Pure. */

const two = (value: number): string => String(value).padStart(2, '0')

export function fieldOf(moment: number): string {
  const there = new Date(moment)
  return `${there.getFullYear()}-${two(there.getMonth() + 1)}-${two(there.getDate())}T${two(there.getHours())}:${two(there.getMinutes())}`
}

/** null: the field is empty, or holds no moment. */
export function momentOf(field: string): string | null {
  const moment = new Date(field)
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString()
}
