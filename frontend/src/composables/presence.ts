import type { Presence, Seat } from '@/api/seats'
import { has, t } from '@/i18n'

/** The page says it when nobody answers. */
export const IDLE = 'idle'
/** Breaks that are offered, and how long each usually is, in minutes. */
export const BREAKS = [['rest', 10], ['meal', 40], ['meeting', 30], ['training', 60], ['other', 15]] as const
export const MINUTES = [5, 10, 15, 30, 40, 60, 90] as const

export function presenceText(presence: Presence): string {
  return t(`presence.${presence}`)
}

/** Reasons of the page's own are kept as codes; what a supervisor wrote is shown as it is. */
export function breakText(reason: string): string {
  const key = `presence.reason.${reason}`
  return has(key) ? t(key) : reason
}

/** 小休 · 用餐 */
export function standingText({ presence, reason }: Pick<Seat, 'presence' | 'reason'>): string {
  return reason ? t('presence.because', { presence: presenceText(presence), reason: breakText(reason) }) : presenceText(presence)
}
