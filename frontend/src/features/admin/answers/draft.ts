/** A rule while it is written: values in, values out. */
import type { AnswerRule, AnswerSample, AnswerWish } from '@/api/admin'
import { blankOf, isComplete } from './said'

export type Cause = AnswerWish['cause']
export interface Draft extends AnswerWish { id: number | null }
type Tried = NonNullable<AnswerSample['rules']>[number]

export const CAUSES: readonly Cause[] = ['followed', 'scene', 'scanned', 'menu', 'keyword', 'message', 'off_hours', 'first_message', 'unknown', 'queued', 'closed']
export const MATCHES: readonly AnswerWish['match'][] = ['contains', 'exact', 'regex']
export const HOURS: readonly AnswerWish['hours'][] = ['any', 'open', 'closed']
export const ONLINE: readonly AnswerWish['agents'][] = ['any', 'yes', 'no']
export const COSTS: readonly number[] = [0, 1, 2, 3, 4, 5]
export const RATES: readonly number[] = [1, 2, 3, 5, 10, 20]
export const MOST_ANSWERS = 5

const WITH_WORDS: ReadonlySet<Cause> = new Set(['scene', 'scanned', 'menu', 'keyword'])

export const hasWords = (cause: Cause): boolean => WITH_WORDS.has(cause)

export function blankDraft(): Draft {
  return { id: null, name: '', enabled: true, cause: 'followed', match: 'contains', words: [], tag_ids: [], level_ids: [], group_ids: [], hours: 'any', agents: 'any', with_agent: false, may_cost: 0, most_per_hour: 5, answers: [blankOf('text')] }
}

export function draftOf({ version: _, ...rule }: AnswerRule): Draft {
  return structuredClone(rule)
}

/** What was written into a field with a line for each. */
export function linesOf(text: string): string[] {
  return [...new Set(text.split('\n').map(line => line.trim()).filter(line => line !== ''))]
}

export function wishOf({ id: _, ...draft }: Draft): AnswerWish {
  return { ...draft, name: draft.name.trim(), words: hasWords(draft.cause) ? draft.words : [] }
}

export function isReady(draft: Draft): boolean {
  return draft.name.trim() !== '' && (!hasWords(draft.cause) || draft.words.length > 0) && draft.answers.length > 0 && draft.answers.every(isComplete)
}

/** The rules as they would be with the draft in its place; a new one comes behind all others. */
export function withDraft(rules: readonly AnswerRule[], draft: Draft | null): Tried[] {
  const kept: Tried[] = rules.map(({ version: _, ...rule }) => rule)
  if (draft === null) return kept
  const wish: Tried = { ...wishOf(draft), id: draft.id }
  return draft.id === null ? [...kept, wish] : kept.map(rule => rule.id === draft.id ? wish : rule)
}

/** The order after one rule has been moved by one place. */
export function moved(ids: readonly number[], id: number, by: -1 | 1): number[] {
  const at = ids.indexOf(id)
  const to = at + by
  if (at < 0 || to < 0 || to >= ids.length) return [...ids]
  const order = [...ids]
  order.splice(at, 1)
  order.splice(to, 0, id)
  return order
}
