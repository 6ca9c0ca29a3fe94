/** The list as it is drawn: group heads, rows and what stands for missing rows, in one column. */
import type { Conversation } from '@/api/types'
import type { Group } from '@/stores/conversations'
import { GROUPS } from '@/stores/conversations'

export type Entry
  = | { kind: 'head', key: string, group: Group, count: number, more: boolean, folded: boolean }
    | { kind: 'row', key: string, group: Group, id: number, position: number, total: number }
    | { kind: 'rest', key: string, hidden: number, all: boolean }
    | { kind: 'none', key: string, group: Group }

export interface Listed {
  groups: Record<Group, readonly Conversation[]>
  next: Record<Group, string | null>
  folded: readonly string[]
  /** Show all who wait; else the first few, so that a long queue does not push away one's own. */
  wholeQueue: boolean
}

export const FIRST_FEW = 5

/** Waiting is shown only when somebody waits; mine always; the others when they hold anything. */
export function entriesOf(listed: Listed): Entry[] {
  return GROUPS.filter(group => group === 'mine' || listed.groups[group].length > 0)
    .flatMap(group => [headOf(group, listed), ...(listed.folded.includes(group) ? [] : bodyOf(group, listed))])
}

function headOf(group: Group, { groups, next, folded }: Listed): Entry {
  const [count, more] = [groups[group].length, next[group] !== null]
  return { kind: 'head', key: group, group, count, more, folded: folded.includes(group) }
}

function bodyOf(group: Group, { groups, wholeQueue }: Listed): Entry[] {
  const total = groups[group].length
  if (total === 0) return [{ kind: 'none', key: `${group}-none`, group }]
  const rows = groups[group].map(({ id }, at): Entry => ({ kind: 'row', key: `c${id}`, group, id, position: at + 1, total }))
  if (group !== 'waiting' || total <= FIRST_FEW + 1) return rows
  const hidden = wholeQueue ? 0 : total - FIRST_FEW
  return [...rows.slice(0, total - hidden), { kind: 'rest', key: 'waiting-rest', hidden, all: wholeQueue }]
}
