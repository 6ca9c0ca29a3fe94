/** Expected waits and delays, as cards and lists show them. Pure. */
import type { Expected } from '@/api/monitor'
import { say } from '../words'

/** 马上, 约 3 分钟, 超过 30 分钟; – where there is no number. */
export function expectedText(expected: Pick<Expected, 'mean' | 'about' | 'to'> | null): string {
  if (expected === null || expected.mean === null) return '–'
  if (expected.mean === 0) return say('expected.free')
  return expected.about === null ? say('expected.long') : say('expected.about', { n: expected.about })
}

/** With how long it may become: nine in ten. */
export function rangeText(expected: Expected): string {
  if (expected.mean === null) return say(`expected.${expected.why_not ?? 'unknown'}`)
  if (expected.mean === 0 || expected.about === null) return expectedText(expected)
  if (expected.to === expected.about) return say('expected.upTo', { n: expected.about })
  return expected.to === null ? say('expected.openRange', { n: expected.about }) : say('expected.range', { from: expected.about, to: expected.to })
}

export function figureSeconds(seconds: number | null): string {
  if (seconds === null) return '–'
  return seconds < 60 ? say('expected.seconds', { n: Math.round(seconds) }) : say('expected.about', { n: Math.round(seconds / 60) })
}
