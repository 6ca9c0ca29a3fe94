/** Naming colleagues in a note. Pure. */
import type { Agent } from '@/api/types'

export const MOST_SHOWN = 8

/** An at-sign begins a mention, except inside an address. */
const ASKS = /(?<![\w.-])@([^\s@]{0,20})$/

/** What has been typed of a name before the cursor; null: nobody is being named. */
export function asksFor(text: string, cursor: number): string | null {
  return ASKS.exec(text.slice(0, cursor))?.[1] ?? null
}

/** Colleagues whose name or pinyin holds what was typed; those that begin with it first. */
export function matching(agents: Iterable<Agent>, typed: string, ownId: number): Agent[] {
  const words = typed.toLowerCase()
  const rank = ({ name, username, find }: Agent): number => {
    const all = [name.toLowerCase(), username.toLowerCase(), ...find.split(' ')]
    return all.some(one => one.startsWith(words)) ? 0 : all.some(one => one.includes(words)) ? 1 : 2
  }
  return [...agents]
    .filter(agent => agent.id !== ownId && rank(agent) < 2)
    .sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name, 'zh-CN'))
    .slice(0, MOST_SHOWN)
}

/** Whom a text names. Of two with one name: whoever was chosen from the list, else both. */
export function mentionedIn(text: string, agents: Iterable<Agent>, chosen: ReadonlyMap<string, number>): number[] {
  const all = [...agents].sort((one, other) => other.name.length - one.name.length)
  let rest = text
  const found = new Set<number>()
  for (const { id, name } of all) {
    if (!text.includes(`@${name}`) || (chosen.has(name) && chosen.get(name) !== id)) continue
    if (!rest.includes(`@${name}`) && !all.some(other => found.has(other.id) && other.name === name)) continue
    found.add(id)
    rest = rest.replaceAll(`@${name}`, ' ')
  }
  return [...found]
}

export interface Said { text: string, mention: boolean }

/** A note in pieces: who is named in it, and the rest. */
export function piecesOf(text: string, names: readonly string[]): Said[] {
  const known = names.filter(Boolean).toSorted((one, other) => other.length - one.length)
  if (known.length === 0) return [{ text, mention: false }]
  const pattern = new RegExp(`(@(?:${known.map(escaped).join('|')}))`)
  return text.split(pattern).filter(Boolean).map(piece => ({ text: piece, mention: piece.startsWith('@') && known.includes(piece.slice(1)) }))
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
