/** Facts of the desk's decisions in words. Every code and reason of the desk has its own; a new one is told with its code. */
import type { Assignment } from '@/api/assignments'
import { has, say } from './words'

/** How people, levels and moments are called here. */
export interface Names {
  at: (moment: string) => string
  agent: (id: number) => string
  level: (rank: number) => string
  conversation: (id: number) => string
}

export type Fact = Record<string, unknown>
type Values = Record<string, unknown>

export interface Decided {
  turn: { band: string, due_at: string, rank: number } | null
  room: Room | null
  next_turn: { conversation: number, rank: number, due_at: string } | null
  next_room: Room | null
  passed_over: { id: number, reason: string, of: string | number | null }[]
  passed_over_count: number
}

interface Room { agent: number, load: number, capacity: number, is_helper: boolean }

export interface Teller {
  fact: (fact: Fact) => string
  /** Why this agent, and why just then. */
  why: (assignment: Assignment) => string[]
  /** Who was not asked, and why not. */
  passedOver: (decided: Decided) => { who: string, why: string }[]
}

/** What is decided by hand keeps no decision. */
export function decidedOf({ decision }: Pick<Assignment, 'decision'>): Decided | null {
  return 'turn' in decision ? decision as unknown as Decided : null
}

export function teller(names: Names): Teller {
  function inWords(values: Values): Values {
    return {
      ...values,
      ...(typeof values.agent === 'number' && { agent: names.agent(values.agent) }),
      ...Object.fromEntries(['since', 'due_at', 'until', 'at'].flatMap(key => typeof values[key] === 'string' ? [[key, names.at(values[key])]] : [])),
    }
  }

  function fact({ code, values }: Fact): string {
    const given = { ...(values as Values) }
    const key = `fact.${String(code)}`
    return has(key) ? say(key, { ...inWords(given), n: given.count }) : say('fact.other', { code })
  }

  function why({ rule, reason, by, decision }: Assignment): string[] {
    const decided = decidedOf({ decision })
    const key = `rule.${rule}`
    const first = by && rule === 'direct' ? say('rule.directBy', { by: by.name }) : has(key) ? say(key) : say('fact.other', { code: rule })
    const lines = [first]
    if (reason) lines.push(say('said', { words: reason }))
    if (!decided?.turn || rule === 'direct') return lines
    const band = `band.${decided.turn.band}`
    if (has(band)) lines.push(say(band, { due_at: names.at(decided.turn.due_at) }))
    if (decided.room) lines.push(say(decided.room.is_helper ? 'roomHelper' : 'room', { ...decided.room }))
    if (decided.next_turn) lines.push(say('nextTurn', { who: names.conversation(decided.next_turn.conversation), level: names.level(decided.next_turn.rank) }))
    if (decided.next_room) lines.push(say('nextRoom', { ...decided.next_room, agent: names.agent(decided.next_room.agent) }))
    return lines
  }

  /** An agent who looked passed over conversations; a conversation that looked, agents. */
  function passedOver({ passed_over, next_turn, next_room }: Decided): { who: string, why: string }[] {
    const agentLooked = next_turn !== null && next_room === null
    return passed_over.map(({ id, reason, of }) => {
      const key = `reason.${reason}`
      const what = reason === 'level' && typeof of === 'number' ? names.level(of) : reason === 'held' && typeof of === 'number' ? names.agent(of) : of ?? ''
      return { who: agentLooked ? names.conversation(id) : names.agent(id), why: has(key) ? say(key, { of: what }) : reason }
    })
  }

  return { fact, why, passedOver }
}
