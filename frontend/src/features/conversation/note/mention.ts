/** Naming colleagues, and groups of them, in a note. Pure. */
import type { AgentGroup } from '@/api/seats'
import type { Agent } from '@/api/types'

export const MOST_SHOWN = 8
/** Of these so many groups, where people would fill the list. */
export const GROUPS_SHOWN = 3

/** Who can be named; `find`: by pinyin and other words. */
export interface Nameable { kind: 'agent' | 'group', id: number, name: string, find: readonly string[] }

/** Everybody but oneself, and all groups. */
export function nameables(agents: Iterable<Agent>, groups: Iterable<AgentGroup>, ownId: number): Nameable[] {
  return [
    ...[...agents].filter(({ id }) => id !== ownId).map(({ id, name, username, find }): Nameable => ({ kind: 'agent', id, name, find: [username.toLowerCase(), ...find.split(' ')] })),
    ...[...groups].map(({ id, name, find }): Nameable => ({ kind: 'group', id, name, find: find.split(' ') })),
  ]
}

/** An at-sign begins a mention, except inside an address. */
const ASKS = /(?<![\w.-])@([^\s@]{0,20})$/

/** What has been typed of a name before the cursor; null: nobody is being named. */
export function asksFor(text: string, cursor: number): string | null {
  return ASKS.exec(text.slice(0, cursor))?.[1] ?? null
}

/** Those whose name or pinyin holds what was typed, people before groups; of each, those that begin with it first. */
export function matching(all: Iterable<Nameable>, typed: string): Nameable[] {
  const words = typed.toLowerCase()
  const rank = ({ name, find }: Nameable): number => {
    const by = [name.toLowerCase(), ...find]
    return by.some(one => one.startsWith(words)) ? 0 : by.some(one => one.includes(words)) ? 1 : 2
  }
  const found = [...all]
    .filter(one => rank(one) < 2)
    .sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name, 'zh-CN'))
  const groups = found.filter(({ kind }) => kind === 'group')
  const people = found.filter(({ kind }) => kind === 'agent').slice(0, MOST_SHOWN - Math.min(GROUPS_SHOWN, groups.length))
  return [...people, ...groups.slice(0, MOST_SHOWN - people.length)]
}

/** Whom a text names. Of several with one name: whoever was chosen from the list, else all. */
export function mentionedIn(text: string, all: Iterable<Nameable>, chosen: ReadonlyMap<string, Nameable>): Nameable[] {
  const longestFirst = [...all].sort((one, other) => other.name.length - one.name.length)
  let rest = text
  const found: Nameable[] = []
  for (const each of longestFirst) {
    const { name, kind, id } = each
    const wanted = chosen.get(name)
    if (!text.includes(`@${name}`) || (wanted && (wanted.kind !== kind || wanted.id !== id))) continue
    if (!rest.includes(`@${name}`) && !found.some(other => other.name === name)) continue
    found.push(each)
    rest = rest.replaceAll(`@${name}`, ' ')
  }
  return found
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
