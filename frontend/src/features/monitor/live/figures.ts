/** The cards of the monitor: what each shows, how urgent that is, and the list it leads to. Pure. */
import type { Expected, Figures, Listed, Monitor, Slice } from '@/api/monitor'

export const CARDS = ['waiting', 'oldest', 'expected', 'active', 'owed', 'overdue', 'closing', 'last_send', 'opened', 'attainment', 'satisfaction', 'people', 'delay'] as const
export type CardKind = typeof CARDS[number]
export type Tone = 'calm' | 'near' | 'late'

/** Only of a level, only of a group; null: of all. `0` is the group of those in none. */
export interface Scope { level: number | null, group: number | null }

const COUNTS = ['waiting', 'active', 'resting', 'owed', 'overdue', 'closing', 'last_send', 'opened', 'rated', 'satisfied', 'kept', 'late', 'gone', 'gone_late'] as const

export function isWithin({ level_id, group_id }: Pick<Slice, 'level_id' | 'group_id'>, { level, group }: Scope): boolean {
  return (level === null || level_id === level) && (group === null || (group_id ?? 0) === group)
}

/** The figures of a part of the desk. */
export function figuresOf(slices: readonly Slice[], scope: Scope): Figures {
  const parts = slices.filter(slice => isWithin(slice, scope)).map(({ figures }) => figures)
  const sums = Object.fromEntries(COUNTS.map(name => [name, parts.reduce((sum, part) => sum + part[name], 0)])) as Record<typeof COUNTS[number], number>
  const oldest = parts.flatMap(({ oldest }) => oldest ?? []).toSorted()[0] ?? null
  const due = sums.kept + sums.late + sums.gone_late
  return { ...sums, oldest, attainment: due ? sums.kept / due : null, satisfaction: sums.rated ? sums.satisfied / sums.rated : null }
}

/** The list that shows what a card counts; null: it counts no conversations. */
export function listOf(card: CardKind, { level, group }: Scope, since: string): Listed | null {
  const scope = { level, group: group || null }
  switch (card) {
    case 'waiting': case 'oldest': return { state: 'waiting', ...scope }
    case 'active': return { state: 'active', ...scope }
    case 'owed': case 'overdue': case 'closing': case 'last_send': return { view: card, ...scope }
    case 'opened': case 'attainment': return { view: 'today', since, ...scope }
    case 'satisfaction': return { rated: true, since, ...scope }
    case 'expected': case 'delay': case 'people': return null
  }
}

/** What whoever came now would wait, of one level and group, or of all: the longest that is known; null: of none. */
export function longestOf(expected: readonly Expected[], scope: Scope): Expected | null {
  const parts = expected.filter(each => isWithin(each, scope))
  const known = parts.filter(({ mean }) => mean !== null)
  return known.toSorted((one, other) => other.mean! - one.mean!)[0] ?? parts[0] ?? null
}

/** Of each level, the best first, the longest of its groups. */
export function expectedByLevel(expected: readonly Expected[], scope: Scope): { level: number, longest: Expected }[] {
  const levels = [...new Set(expected.map(({ level_id }) => level_id))]
  return levels.flatMap((level) => {
    const longest = longestOf(expected, { ...scope, level })
    return longest && (scope.level === null || scope.level === level) ? [{ level, longest }] : []
  })
}

const SLOW_SECONDS = 5
const STUCK_SECONDS = 60

const GOOD_SHARE = 0.9
const POOR_SHARE = 0.8

/** Amber and red are kept for promises at risk. */
export function toneOf(card: CardKind, figures: Figures, { people, delays }: Pick<Monitor, 'people' | 'delays'>): Tone {
  switch (card) {
    case 'delay': return (delays.median ?? 0) < SLOW_SECONDS ? 'calm' : delays.median! < STUCK_SECONDS ? 'near' : 'late'
    case 'overdue': return figures.overdue ? 'late' : 'calm'
    case 'closing': return figures.closing ? 'near' : 'calm'
    case 'attainment': return figures.attainment === null || figures.attainment >= GOOD_SHARE ? 'calm' : figures.attainment >= POOR_SHARE ? 'near' : 'late'
    case 'people': return people.online ? people.full === people.online && figures.waiting ? 'near' : 'calm' : figures.waiting ? 'late' : 'calm'
    default: return 'calm'
  }
}
