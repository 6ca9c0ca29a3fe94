import type { AgentGroup, Seat } from '@/api/seats'
import { expect, it } from 'vitest'
import { groupsFor, peopleFor } from './targets'

function seat(id: number, more: Partial<Seat> = {}): Seat {
  return { id, agent: { id, name: `客服${id}` }, presence: 'online', paused: false, load: 0, capacity: 4, skills: {}, ...more } as Seat
}

const GROUPS = [{ id: 1, name: '售后组', agent_ids: [2] }, { id: 2, name: '售前组', agent_ids: [] }] as unknown as AgentGroup[]
const ids = (seats: Seat[]) => seats.map(({ id }) => id)

it('has those who take new conversations first, the least busy before the others', () => {
  const all = [seat(1, { presence: 'offline' }), seat(2, { load: 3 }), seat(3, { load: 1 }), seat(4, { paused: true }), seat(5, { presence: 'away' }), seat(6, { presence: 'busy' })]
  expect(ids(peopleFor(all, GROUPS, '', 99))).toEqual([3, 2, 4, 6, 5, 1])
})

it('finds people by name, skill and group, never whoever has it', () => {
  const all = [seat(1, { skills: { 英语: 3 } }), seat(2), seat(3)]
  expect(ids(peopleFor(all, GROUPS, '英语', 3))).toEqual([1])
  expect(ids(peopleFor(all, GROUPS, '售后', 3))).toEqual([2])
  expect(ids(peopleFor(all, GROUPS, '客服3', 3))).toEqual([])
  expect(groupsFor(GROUPS, ' 售前 ').map(({ id }) => id)).toEqual([2])
})
