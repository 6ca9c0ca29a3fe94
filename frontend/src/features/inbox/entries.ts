/** The list as it is drawn: views, group heads, rows and what stands for missing rows, in one column. */
import type { WindowView } from '@/api/conversations'
import type { Conversation } from '@/api/types'
import type { Group } from '@/stores/conversations'
import { GROUPS } from '@/stores/conversations'
import { VIEWS } from './views'

/** What is listed under a head of its own: the groups, and of one's own what was put off. */
export type Part = Group | 'later'
export const PARTS: readonly Part[] = GROUPS.flatMap((group): Part[] => group === 'mine' ? ['mine', 'later'] : [group])

export type Entry
  = | { kind: 'view', key: string, view: WindowView, count: number }
    | { kind: 'head', key: string, group: Part, count: number, more: boolean, folded: boolean }
    | { kind: 'row', key: string, group: Group, id: number, position: number, total: number }
    | { kind: 'rest', key: string, hidden: number, all: boolean }
    | { kind: 'none', key: string, group: Group }

export interface Listed {
  groups: Record<Part, readonly Conversation[]>
  next: Record<Group, string | null>
  folded: readonly string[]
  /** Show all who wait; else the first few, so that a long queue does not push away one's own. */
  wholeQueue: boolean
  views: Record<WindowView, readonly Conversation[]>
  /** Only these, in this order: a view is chosen. */
  only: readonly Conversation[] | null
  groupOf: (conversation: Conversation) => Group
}

export const FIRST_FEW = 5

/** Views and waiting are shown only when they hold anybody; mine always; the others when they hold anything. */
export function entriesOf(listed: Listed): Entry[] {
  if (listed.only) return entriesOfView(listed.only, listed)
  const views = VIEWS.filter(view => listed.views[view].length > 0).map(view => viewOf(view, listed))
  const groups = PARTS.filter(group => group === 'mine' || listed.groups[group].length > 0)
  return [...views, ...groups.flatMap(group => [headOf(group, listed), ...(listed.folded.includes(group) ? [] : bodyOf(group, listed))])]
}

function entriesOfView(found: readonly Conversation[], { groupOf }: Listed): Entry[] {
  return found.map((one, at): Entry => ({ kind: 'row', key: `c${one.id}`, group: groupOf(one), id: one.id, position: at + 1, total: found.length }))
}

function viewOf(view: WindowView, { views }: Listed): Entry {
  return { kind: 'view', key: view, view, count: views[view].length }
}

function headOf(group: Part, { groups, next, folded }: Listed): Entry {
  const [count, more] = [groups[group].length, next[groupOfPart(group)] !== null]
  return { kind: 'head', key: group, group, count, more, folded: folded.includes(group) }
}

/** What was put off is one's own, and read with it. */
function groupOfPart(part: Part): Group {
  return part === 'later' ? 'mine' : part
}

function bodyOf(part: Part, { groups, wholeQueue }: Listed): Entry[] {
  const [total, group] = [groups[part].length, groupOfPart(part)]
  if (total === 0) return [{ kind: 'none', key: `${group}-none`, group }]
  const rows = groups[part].map(({ id }, at): Entry => ({ kind: 'row', key: `c${id}`, group, id, position: at + 1, total }))
  if (group !== 'waiting' || total <= FIRST_FEW + 1) return rows
  const hidden = wholeQueue ? 0 : total - FIRST_FEW
  return [...rows.slice(0, total - hidden), { kind: 'rest', key: 'waiting-rest', hidden, all: wholeQueue }]
}
