/** When something is heard, and when not. Pure. */
import type { SoundEvent, SoundTime } from '@/stores/sounds'

export const OFFER_EVERY_MS = 5_000
export const MESSAGE_EVERY_MS = 3_000

/** Whether it is the time for a sound of this choice. */
export function isTime(when: SoundTime, visible: boolean): boolean {
  return when === 'always' || when === (visible ? 'visible' : 'hidden')
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
