import type { Known } from './filter'
import type { Filter } from '@/api/savedViews'
import type { Conversation } from '@/api/types'
import { expect, it } from 'vitest'
import { isEmpty, matches, questions, REASONS, sameFilter, tidied } from './filter'

const NOW = Date.parse('2026-11-24T01:00:00Z')
const ME = 7

function talk(more: Record<string, unknown> = {}, contact: Record<string, unknown> = {}): Conversation {
  return {
    id: 1,
    state: 'active',
    assignee: { id: ME },
    account: { id: 3 },
    group: { id: 5, name: '售后' },
    owed_since: '2026-11-24T00:30:00Z',
    snoozed_until: null,
    warn_at: null,
    offer: null,
    handed: false,
    contact: { level: { id: 4, source: 'default' }, tags: [{ id: 9, name: '老客' }], allowance: { grants: [], reserved: 0 }, ...contact },
    ...more,
  } as unknown as Conversation
}

const known: Known = {
  now: NOW,
  me: ME,
  groupOf: ({ state, assignee }) => state !== 'active' ? state : assignee?.id === ME ? 'mine' : 'others',
  contactOf: ({ contact }) => contact,
  allowanceOf: ({ contact }) => contact.allowance,
  concerns: ({ state, assignee }) => state !== 'active' || assignee?.id === ME,
}

const shows = (filter: Parameters<typeof matches>[0], one: Conversation) => matches(filter, one, known)

it.each([
  [{ group_ids: [5] }, true],
  [{ group_ids: [6] }, false],
  [{ group_ids: [6, 5] }, true],
  [{ level_ids: [4] }, true],
  [{ level_ids: [1, 2] }, false],
  [{ level_ids: [1, 4] }, true],
  [{ tag_ids: [9] }, true],
  [{ tag_ids: [8] }, false],
  [{ tag_ids: [8, 9] }, true],
  [{ group_ids: [], level_ids: [], tag_ids: [] }, true],
  [{ account_id: 3 }, true],
  [{ account_id: 2 }, false],
  [{ owed: true }, true],
  [{ owed: false }, false],
  [{ state: 'active' }, true],
  [{ state: 'waiting' }, false],
  [{ whose: 'mine' }, true],
  [{ whose: 'others' }, false],
  [{ group_ids: [5, 6], tag_ids: [9], owed: true, whose: 'mine' }, true],
  [{ group_ids: [5, 6], tag_ids: [8] }, false],
  [{ account_id: null, owed: null }, true],
] satisfies [Filter, boolean][])('%j: %s', (filter, shown) => {
  expect(shows(filter, talk())).toBe(shown)
})

it('shows what has ended only to those who ask for it', () => {
  expect(shows({ group_ids: [5] }, talk({ state: 'closed' }))).toBe(false)
  expect(shows({ group_ids: [5] }, talk({ group: null }))).toBe(false)
  expect(shows({ state: 'closed' }, talk({ state: 'closed' }))).toBe(true)
})

it('knows what everybody has', () => {
  const others = talk({ assignee: { id: 8 } })
  const waiting = talk({ state: 'waiting', assignee: null })
  expect(shows({ only: 'owed' }, talk())).toBe(true)
  expect(shows({ only: 'owed' }, talk({ snoozed_until: '2026-11-24T05:00:00Z' }))).toBe(false)
  expect(shows({ only: 'owed' }, others)).toBe(false)
  expect(shows({ only: 'due' }, talk({ warn_at: '2026-11-24T00:59:00Z' }))).toBe(true)
  expect(shows({ only: 'due' }, talk({ warn_at: '2026-11-24T01:01:00Z' }))).toBe(false)
  expect(shows({ only: 'high' }, talk({}, { level: { id: 1, source: 'rule' } }))).toBe(true)
  expect(shows({ only: 'high' }, talk())).toBe(false)
  expect(shows({ only: 'handed' }, talk({ handed: true }))).toBe(true)
  expect(shows({ only: 'handed' }, talk({ state: 'waiting', assignee: null, handed: true, offer: { agent: { id: ME } } }))).toBe(true)
  expect(shows({ only: 'handed' }, talk({ assignee: { id: 8 }, handed: true }))).toBe(false)
  expect(shows({ only: 'unowned' }, waiting)).toBe(true)
  expect(shows({ only: 'unowned' }, talk({ state: 'waiting', offer: { agent: { id: 8 } } }))).toBe(false)
})

it('asks the desk for all of it, and for nothing that does not matter', () => {
  expect(questions({ only: 'owed' })).toEqual([{ owed: true, state: 'active', assignee: 'me' }])
  expect(questions({ only: 'due', group_ids: [5, 6] })).toEqual([{ view: 'urgent', group: [5, 6] }])
  expect(questions({ only: 'high' })).toEqual([{ high: true, state: 'waiting' }, { high: true, state: 'active' }])
  expect(questions({ tag_ids: [9], level_ids: [], owed: false })).toEqual([{ tag: [9], owed: false, state: 'waiting' }, { tag: [9], owed: false, state: 'active' }])
  expect(questions({ whose: 'others' })).toEqual([{ state: 'active' }])
  expect(questions({ state: 'closed', account_id: 3 })).toEqual([{ account: 3, state: 'closed' }])
  for (const only of REASONS) expect(questions({ only }).length).toBeGreaterThan(0)
})

it('minds only what is said', () => {
  expect(isEmpty({ only: null, owed: null })).toBe(true)
  expect(isEmpty({ owed: false })).toBe(false)
  expect(tidied({ owed: false, group_ids: [], account_id: null })).toEqual({ owed: false })
  expect(sameFilter({ group_ids: [5, 6], owed: true }, { owed: true, group_ids: [6, 5], tag_ids: [] })).toBe(true)
  expect(sameFilter({ group_ids: [5] }, { group_ids: [5, 6] })).toBe(false)
})
