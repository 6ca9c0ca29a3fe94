/** A level while it is written: values in, values out. */
import type { Colour, Level, LevelFields } from '@/api/team'
import { isTarget } from '../promise'

export type Draft = Omit<LevelFields, 'first_seconds' | 'left_message_seconds' | 'sticky_seconds' | 'hard_factor' | 'extra_slots'> & {
  first_seconds: number | null
  left_message_seconds: number | null
  sticky_seconds: number | null
  hard_factor: number | null
  extra_slots: number | null
}

export const COLOURS: readonly Colour[] = ['grey', 'blue', 'teal', 'green', 'gold', 'orange', 'red', 'purple']
export const LONGEST_NAME = 20

export function blankLevel(): Draft {
  return { name: '', colour: 'blue', first_seconds: 120, next_seconds: null, resolution_seconds: null, left_message_seconds: 3600, pause_resolution: true, head_start: 0.5, hard_factor: 4, extra_slots: 0, sticky_seconds: 60, is_default: false, earned: { tag_ids: [], scenes: [], conditions: [] } }
}

export function draftOf(level: Level): Draft {
  const { id: _, rank: __, contacts: ___, version: ____, ...fields } = level
  return structuredClone(fields)
}

const within = (value: number | null | undefined, least: number, most: number): boolean => typeof value === 'number' && value >= least && value <= most

/** What the desk would not take. */
export function faultsOf(draft: Draft): (keyof Draft)[] {
  const right: Partial<Record<keyof Draft, boolean>> = {
    name: draft.name.trim() !== '',
    first_seconds: isTarget(draft.first_seconds, true),
    next_seconds: isTarget(draft.next_seconds),
    resolution_seconds: isTarget(draft.resolution_seconds),
    left_message_seconds: isTarget(draft.left_message_seconds, true),
    hard_factor: within(draft.hard_factor, 1, 100),
    extra_slots: within(draft.extra_slots, 0, 5) && Number.isInteger(draft.extra_slots),
    earned: (draft.earned.conditions ?? []).every(({ value }) => value !== ''),
    sticky_seconds: within(draft.sticky_seconds, 0, 3600),
  }
  return (Object.keys(right) as (keyof Draft)[]).filter(name => !right[name])
}
