/** Which conversations a view shows. What the desk finds is kept live here by the same rule. Pure. */
import type { View, Wanted } from '@/api/conversations'
import type { Filter, Reason } from '@/api/savedViews'
import type { Allowance, Contact, Conversation } from '@/api/types'
import type { Group } from '@/stores/conversations'
import { pick } from './views'

/** What everybody has, in the order of the menu. */
export const REASONS: readonly Reason[] = ['owed', 'due', 'closing', 'last_send', 'high', 'handed', 'unowned']

export interface Known {
  now: number
  me: number
  groupOf: (conversation: Conversation) => Group
  contactOf: (conversation: Conversation) => Contact
  allowanceOf: (conversation: Conversation) => Allowance
  /** This agent can do something about it. */
  concerns: (conversation: Conversation) => boolean
}

const FIELDS = ['only', 'state', 'whose', 'group_ids', 'level_ids', 'tag_ids', 'account_id', 'owed'] as const

/** Without what does not matter; lists in an order of their own. */
export function tidied(filter: Filter): Filter {
  const given = FIELDS.map((name) => {
    const value = filter[name]
    return [name, Array.isArray(value) ? value.toSorted((one, other) => one - other) : value] as const
  })
  return Object.fromEntries(given.filter(([, value]) => Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined))
}

export function isEmpty(filter: Filter): boolean {
  return Object.keys(tidied(filter)).length === 0
}

export function sameFilter(one: Filter, other: Filter): boolean {
  return JSON.stringify(tidied(one)) === JSON.stringify(tidied(other))
}

/** What has ended is shown only to those who ask for it. */
export function matches(filter: Filter, one: Conversation, known: Known): boolean {
  const contact = known.contactOf(one)
  const asked: readonly [wish: unknown, is: unknown][] = [
    [filter.state, one.state],
    [filter.account_id, one.account.id],
    [filter.owed, one.owed_since !== null],
  ]
  if (asked.some(([wish, is]) => wish !== null && wish !== undefined && wish !== is)) return false
  if (!filter.state && one.state === 'closed') return false
  if (!anyOf(filter.group_ids, one.group ? [one.group] : []) || !anyOf(filter.level_ids, [contact.level]) || !anyOf(filter.tag_ids, contact.tags)) return false
  if (filter.whose && known.groupOf(one) !== filter.whose) return false
  return !filter.only || isFor(filter.only, one, known)
}

/** One of these is among the wanted, or none is wanted in particular. */
function anyOf(wanted: readonly number[] | undefined, these: readonly { id: number }[]): boolean {
  return !wanted?.length || these.some(({ id }) => wanted.includes(id))
}

function isFor(reason: Reason, one: Conversation, known: Known): boolean {
  const mine = known.groupOf(one) === 'mine'
  switch (reason) {
    case 'owed': return mine && one.owed_since !== null && one.snoozed_until === null
    case 'due': return known.concerns(one) && one.warn_at !== null && Date.parse(one.warn_at) <= known.now
    case 'closing':
    case 'last_send': return known.concerns(one) && pick(reason, [one], known.now, known.allowanceOf).length > 0
    case 'high': return known.concerns(one) && known.contactOf(one).level.source !== 'default'
    case 'handed': return Boolean(one.handed) && (mine || one.offer?.agent.id === known.me)
    case 'unowned': return one.state === 'waiting' && one.offer === null
  }
}

const VIEW_OF: Partial<Record<Reason, View>> = { due: 'urgent', closing: 'closing', last_send: 'last_send', unowned: 'unowned' }

/** What the desk is asked for, so that nothing of a view is missing here; each is read page by page. */
export function questions({ only, state, whose, group_ids, level_ids, tag_ids, account_id, owed }: Filter): Wanted[] {
  const common: Wanted = {
    ...group_ids?.length && { group: group_ids },
    ...level_ids?.length && { level: level_ids },
    ...tag_ids?.length && { tag: tag_ids },
    ...account_id && { account: account_id },
    ...owed !== null && owed !== undefined && { owed },
  }
  const view = only && VIEW_OF[only]
  if (view) return [{ ...common, view }]
  if (only === 'owed' || whose === 'mine') return [{ ...common, ...only === 'owed' && { owed: true }, state: state ?? 'active', assignee: 'me' }]
  const states = state ? [state] : whose === 'others' ? ['active'] as const : ['waiting', 'active'] as const
  return states.map(each => ({ ...common, ...only === 'high' && { high: true }, state: each }))
}
