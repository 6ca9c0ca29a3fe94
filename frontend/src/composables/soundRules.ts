/** When something is heard, and when not. Pure. */
import type { SoundEvent, SoundTime } from '@/stores/sounds'

export const OFFER_EVERY_MS = 5_000
export const MESSAGE_EVERY_MS = 3_000
/** So long before its window closes an answer that is owed is heard of (desk/reaching/noticing.py). */
export const CLOSING_MS = 3_600_000

/** Whether it is the time for a sound of this choice. */
export function isTime(when: SoundTime, visible: boolean): boolean {
  return when === 'always' || when === (visible ? 'visible' : 'hidden')
}

/** Whether an answer is owed and cannot be sent in an hour; `closesAt` null: it cannot be sent anyhow. */
export function closesSoon(owed: boolean, closesAt: number | null, now: number): boolean {
  return owed && closesAt !== null && closesAt > now && closesAt <= now + CLOSING_MS
}

/** Lets through what does not come too soon after the same. */
export function makeThrottle(): (event: SoundEvent, now: number) => boolean {
  const last = new Map<SoundEvent, number>()
  const least: Partial<Record<SoundEvent, number>> = { offer: OFFER_EVERY_MS - 500, message: MESSAGE_EVERY_MS }
  return (event, now) => {
    const before = last.get(event)
    if (before !== undefined && now - before < (least[event] ?? 0)) return false
    last.set(event, now)
    return true
  }
}
