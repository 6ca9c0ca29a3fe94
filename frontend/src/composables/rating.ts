import type { Conversation } from '@/api/types'
import { t } from '@/i18n'

export type Rating = NonNullable<Conversation['rating']>
export type Score = NonNullable<Rating['score']>

const WORDS = { 1: 'bad', 2: 'fair', 3: 'good' } as const

export function scoreText(score: Score): string {
  return t(`rating.scores.${WORDS[score]}`)
}

/** 满意; of who was asked and has not told: 未评价. */
export function ratingText({ score }: Pick<Rating, 'score'>): string {
  return score === null ? t('rating.none') : scoreText(score)
}
