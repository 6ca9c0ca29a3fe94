/** Days as people type them, and as the desk writes them: 2026-11-30, in every language. Pure. */

/** 2026-11-30, 2026/11/30, 20261130, 2026年11月30日; null: no day there ever was. */
export function dayOf(typed: string): string | null {
  const match = /^(\d{4})(?:(\d{2})(\d{2})|[-/.年](\d{1,2})[-/.月](\d{1,2})日?)$/.exec(typed.trim())
  if (!match) return null
  const [, year, month = match[4], day = match[5]] = match
  const iso = [year, month!.padStart(2, '0'), day!.padStart(2, '0')].join('-')
  const moment = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(iso) ? iso : null
}

/** So many days or months later; in a shorter month its last day. */
export function stepped(iso: string, by: { days?: number, months?: number }): string {
  const moment = new Date(`${iso}T00:00:00Z`)
  if (by.days) moment.setUTCDate(moment.getUTCDate() + by.days)
  if (by.months) {
    const day = moment.getUTCDate()
    moment.setUTCDate(1)
    moment.setUTCMonth(moment.getUTCMonth() + by.months)
    const last = new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + 1, 0)).getUTCDate()
    moment.setUTCDate(Math.min(day, last))
  }
  return moment.toISOString().slice(0, 10)
}

/** The day by the clock of this machine. */
export function todayAt(moment: number): string {
  return new Date(moment).toLocaleDateString('sv-SE')
}
