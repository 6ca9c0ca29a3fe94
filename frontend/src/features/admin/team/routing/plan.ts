/** A plan while it is written: values in, values out. */
import type { PlanDoc, Route } from '@/api/team'

export const MOST_ROUTES = 100
export const MATCHES: readonly Route['match'][] = ['contains', 'exact', 'regex']
export const PULLS: readonly PlanDoc['pull'][] = ['any', 'top', 'none']

export type Setting = Exclude<keyof PlanDoc, 'routes'>
type Kind = 'seconds' | 'days' | 'count' | 'switch' | 'pull'
interface Bounds { kind: Kind, least?: number, most?: number, never?: boolean }

const DAY = 86_400

/** All but the rules, in the order in which the page shows them; `never`: it may be left empty. */
export const SETTINGS: Readonly<Record<Setting, Bounds>> = {
  accept_seconds: { kind: 'seconds', least: 5, most: 300, never: true },
  exclude_seconds: { kind: 'seconds', least: 0, most: DAY },
  familiar_days: { kind: 'days', least: 0, most: 365 },
  ration: { kind: 'count', least: 2, most: 1000 },
  whole_desk: { kind: 'switch' },
  pull: { kind: 'pull' },
  blind: { kind: 'switch' },
  answer_seconds: { kind: 'seconds', least: 10, most: DAY, never: true },
  rests_after_seconds: { kind: 'seconds', least: 60, most: DAY },
  close_after_seconds: { kind: 'seconds', least: 300, most: 7 * DAY, never: true },
  wrap_up_seconds: { kind: 'seconds', least: 5, most: 60, never: true },
  suspect_seconds: { kind: 'seconds', least: 15, most: 3600 },
  lost_seconds: { kind: 'seconds', least: 30, most: DAY },
  return_seconds: { kind: 'seconds', least: 0, most: DAY },
}

export function blankRoute(): Route {
  return { name: '', enabled: true, account_ids: [], keys: [], scenes: [], words: [], match: 'contains', level_ids: [], tag_ids: [], hours: 'any', calendar_id: null, group_id: null, required: {}, optional: {} }
}

export function isRouteReady(route: Route): boolean {
  return route.name.trim() !== '' && (route.hours === 'any' || Boolean(route.calendar_id))
}

/** The settings that are out of their bounds. */
export function faultsOf(doc: PlanDoc): Setting[] {
  const bad = (Object.keys(SETTINGS) as Setting[]).filter((name) => {
    const { kind, least, most, never } = SETTINGS[name]
    const value = doc[name]
    if (kind === 'switch' || kind === 'pull') return false
    if (value === null || value === undefined) return !never
    return typeof value !== 'number' || !Number.isInteger(value) || value < least! || value > most!
  })
  return bad.length || doc.suspect_seconds <= doc.lost_seconds ? bad : ['suspect_seconds']
}

/** Whether two plans say the same: keys in whatever order, what is empty or left out alike. */
export function isSame(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other)
}

function canonical(thing: unknown): string {
  return JSON.stringify(thing, (_, value: unknown) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null && one !== undefined).sort(([a], [b]) => a < b ? -1 : 1))
      : value)
}
