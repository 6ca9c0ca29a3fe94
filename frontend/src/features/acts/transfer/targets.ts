/** To whom a conversation can be handed over: those who can take it first. Pure. */
import type { AgentGroup, Seat } from '@/api/seats'
import { takesNew } from '@/stores/seats'

export function groupsFor(groups: readonly AgentGroup[], words: string): AgentGroup[] {
  return groups.filter(({ name }) => matches(name, words))
}

/** By name, by skill and by group; whoever has it now is not among them. */
export function peopleFor(seats: readonly Seat[], groups: readonly AgentGroup[], words: string, ownerId: number): Seat[] {
  return seats
    .filter(({ id }) => id !== ownerId)
    .filter(seat => matches([seat.agent.name, ...Object.keys(seat.skills), ...groups.filter(({ agent_ids }) => agent_ids.includes(seat.id)).map(({ name }) => name)].join(' '), words))
    .toSorted((one, other) => rank(one) - rank(other) || shareOf(one) - shareOf(other) || one.agent.name.localeCompare(other.agent.name, 'zh'))
}

const RANKS = { online: 0, busy: 2, away: 3, offline: 4 } as const

function rank(seat: Seat): number {
  return takesNew(seat) ? 0 : Math.max(1, RANKS[seat.presence])
}

function shareOf({ load, capacity }: Seat): number {
  return capacity ? load / capacity : Infinity
}

function matches(text: string, words: string): boolean {
  return text.toLowerCase().includes(words.trim().toLowerCase())
}
