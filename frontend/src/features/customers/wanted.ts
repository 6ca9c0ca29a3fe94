/** What is asked for on the customers' page, as people choose it: values in, values out. */
import type { Wanted } from '@/api/customers'

export type FieldCondition = NonNullable<Wanted['conditions']>[number]

export interface Choice {
  text: string
  /** Any one of these. */
  levels: readonly number[]
  tags: readonly number[]
  following: boolean | null
  blacklisted: boolean | null
  /** Days: positive, seen within so many; negative, not seen for so many. */
  seen: number | null
  /** Of fields: all of them hold. */
  conditions: readonly FieldCondition[]
}

export const NOTHING: Choice = { text: '', levels: [], tags: [], following: null, blacklisted: null, seen: null, conditions: [] }
export const WITHIN: readonly number[] = [1, 7, 30]
export const QUIET: readonly number[] = [30, 90, 180]
const DAY = 86_400_000

export function wantedOf({ text, levels, tags, following, blacklisted, seen, conditions }: Choice, now: number): Wanted {
  const moment = seen === null ? null : new Date(now - Math.abs(seen) * DAY).toISOString()
  return {
    text: text.trim(),
    level_ids: [...levels],
    tag_ids: [...tags],
    conditions: [...conditions],
    following,
    blacklisted,
    seen_since: seen !== null && seen > 0 ? moment : null,
    seen_until: seen !== null && seen < 0 ? moment : null,
  }
}

export function isNothing(choice: Choice): boolean {
  return JSON.stringify({ ...choice, text: choice.text.trim() }) === JSON.stringify(NOTHING)
}

/** What a kept segment asks for, as far as this page shows it; moments were days when it was kept. */
export function choiceOf(wanted: Wanted, now: number): Choice {
  const days = (moment: string): number => Math.max(1, Math.round((now - Date.parse(moment)) / DAY))
  return {
    text: wanted.text ?? '',
    levels: wanted.level_ids ?? [],
    tags: wanted.tag_ids ?? [],
    following: wanted.following ?? null,
    blacklisted: wanted.blacklisted ?? null,
    conditions: wanted.conditions ?? [],
    seen: wanted.seen_since ? days(wanted.seen_since) : wanted.seen_until ? -days(wanted.seen_until) : null,
  }
}
