import type { AgentsDay, AgentsWork, Monitor } from '@/api/monitor'
import type { Seat } from '@/api/seats'

/** An agent with what they have and did. */
export interface ShownAgent extends Seat { work: Omit<AgentsWork, 'agent_id'>, day: Omit<AgentsDay, 'agent_id'> }

const NO_WORK = { owed: 0, resting: 0, oldest_owed: null }
const NO_DAY = { taken: 0, missed: 0, kept: 0, late: 0 }
const PLACE = { online: 0, busy: 1, away: 2, offline: 3 } as const

export function withWork(seats: readonly Seat[], { work, days }: Pick<Monitor, 'work' | 'days'>): ShownAgent[] {
  const workOf = new Map(work.map(one => [one.agent_id, one]))
  const dayOf = new Map(days.map(one => [one.agent_id, one]))
  return seats.map(seat => ({ ...seat, work: workOf.get(seat.id) ?? NO_WORK, day: dayOf.get(seat.id) ?? NO_DAY }))
}

/** On whom a customer waits longest before all others; then who is here, and has most. */
export function inOrder(agents: readonly ShownAgent[]): ShownAgent[] {
  return agents.toSorted((one, other) =>
    compare(one.work.oldest_owed ?? '~', other.work.oldest_owed ?? '~')
    || PLACE[one.presence] - PLACE[other.presence]
    || other.load - one.load
    || one.agent.name.localeCompare(other.agent.name))
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
