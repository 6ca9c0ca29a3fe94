import type { Listed } from './entries'
import type { Conversation } from '@/api/types'
import { expect, it } from 'vitest'
import { entriesOf } from './entries'

const NO_VIEWS = { views: { closing: [], last_send: [] }, only: null, groupOf: () => 'mine' as const }
const NEXT = { waiting: null, mine: null, others: null, closed: null }

function some(...ids: number[]): Conversation[] {
  return ids.map(id => ({ id }) as Conversation)
}

function drawn(groups: Partial<Listed['groups']>, more: Partial<Listed> = {}): string[] {
  return entriesOf({ groups: { waiting: [], mine: [], later: [], others: [], closed: [], ...groups }, next: NEXT, folded: [], wholeQueue: false, ...NO_VIEWS, ...more }).map(({ key }) => key)
}

it('puts those who wait first, then mine', () => {
  expect(drawn({ mine: some(3), waiting: some(1, 2) })).toEqual(['waiting', 'c1', 'c2', 'mine', 'c3'])
})

it('says when nobody is mine, and is silent about other empty groups', () => {
  expect(drawn({})).toEqual(['mine', 'mine-none'])
})

it('lists what was put off by itself, read with mine', () => {
  expect(drawn({ mine: some(1), later: some(2, 3), others: some(4) })).toEqual(['mine', 'c1', 'later', 'c2', 'c3', 'others', 'c4'])
  expect(drawn({ later: some(2) })).toEqual(['mine', 'mine-none', 'later', 'c2'])
})

it('keeps the rows of a folded group to itself', () => {
  expect(drawn({ mine: some(1), others: some(2, 3) }, { folded: ['others'] })).toEqual(['mine', 'c1', 'others'])
})

it('shows the first few of a long queue, and all of it when asked', () => {
  const waiting = some(1, 2, 3, 4, 5, 6, 7)
  expect(drawn({ waiting, mine: some(9) })).toEqual(['waiting', 'c1', 'c2', 'c3', 'c4', 'c5', 'waiting-rest', 'mine', 'c9'])
  expect(drawn({ waiting }, { wholeQueue: true })).toContain('c7')
})

it('numbers the rows of a group for who cannot see them', () => {
  const entries = entriesOf({ groups: { waiting: some(4, 5), mine: [], later: [], others: [], closed: [] }, next: NEXT, folded: [], wholeQueue: false, ...NO_VIEWS })
  expect(entries.flatMap(entry => entry.kind === 'row' ? `${entry.position}/${entry.total}` : [])).toEqual(['1/2', '2/2'])
})

it('shows a view above the groups while it holds anybody; the rows of one that is chosen stand alone', () => {
  const views = { closing: some(2, 1), last_send: [] }

  expect(drawn({ mine: some(1, 2) }, { views })).toEqual(['closing', 'mine', 'c1', 'c2'])
  expect(drawn({ mine: some(1, 2) }, { views, only: some(2, 1) })).toEqual(['c2', 'c1'])
  expect(drawn({ mine: some(1) }, { views, only: [] })).toEqual([])
})
