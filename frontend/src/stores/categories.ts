/** The categories of summaries, as one chooses among them. Pure. */
import type { Category } from '@/api/summaries'

/** One that can be chosen: the names from the top down, and all by which it is found. */
export interface Choice { id: number, path: readonly string[], words: string }

/** Only those that nothing below says more exactly, in the order of the tree. */
export function choicesOf(all: readonly Category[], parentId: number | null = null, path: readonly string[] = [], words = ''): Choice[] {
  return all.filter(one => (one.parent_id ?? null) === parentId).flatMap(({ id, name, find }) => {
    const [names, found] = [[...path, name], `${words} ${name.toLowerCase()} ${find}`.trim()]
    const below = choicesOf(all, id, names, found)
    return below.length ? below : [{ id, path: names, words: found }]
  })
}

/** Each word that was typed begins one of its own; those whose last name it begins come first. */
export function chosenBy(choices: readonly Choice[], typed: string): Choice[] {
  const wanted = typed.trim().toLowerCase().split(/[\s›/]+/).filter(Boolean)
  const found = choices.filter(({ words }) => wanted.every(word => words.includes(word)))
  const isNear = ({ path, words }: Choice): boolean => wanted.some(word => path.at(-1)!.toLowerCase().startsWith(word) || words.split(' ').slice(-2).some(one => one.startsWith(word)))
  return found.toSorted((one, other) => Number(isNear(other)) - Number(isNear(one)))
}

export const pathText = (path: readonly string[]): string => path.join(' › ')
