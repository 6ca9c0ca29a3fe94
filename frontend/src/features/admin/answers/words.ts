/** How the pages say costs and reasons. */
import type { Problem } from '@/api/http'
import { reasonText } from '@/i18n'
import { has, t } from '@/i18n/admin'

export const costText = (n: number): string => n === 0 ? t('answers.free') : t('answers.cost', { n })

/** The word of a rule that is no regular expression, where the desk refused it for that. */
export function badWordOf(failure: Problem | null): string | null {
  return failure?.facts.problem === 'pattern' ? String(failure.facts.word) : null
}

export function whyText(why: string): string {
  const key = `answers.why.${why}`
  return has(key) ? t(key) : reasonText(why)
}
