/** The geometry of the staffing picture: two panels over one day. Pure. */
import type { HalfHour } from '@/api/monitor'

export interface Frame { width: number, height: number, left: number, right: number, top: number, bottom: number }
export interface Bar { x: number, width: number, y: number, height: number }

/** Round numbers that reach the highest value: 0, 5, 10. */
export function ticks(most: number, wanted = 3): number[] {
  const rough = Math.max(most, 1) / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, [1, 2, 5, 10].find(factor => factor * power >= rough)! * power)
  return Array.from({ length: Math.ceil(Math.max(most, 1) / step) + 1 }, (_, n) => n * step)
}

export interface Scale { x: (at: number) => number, y: (value: number) => number, slot: number }

export function scaleOf(frame: Frame, count: number, most: number): Scale {
  const slot = (frame.width - frame.left - frame.right) / Math.max(count, 1)
  const tall = frame.height - frame.top - frame.bottom
  return {
    slot,
    x: at => frame.left + at * slot,
    y: value => frame.top + tall * (1 - value / Math.max(most, 1)),
  }
}

export function barsOf(values: readonly number[], scale: Scale): Bar[] {
  return values.map((value, at) => ({ x: scale.x(at) + scale.slot * 0.15, width: scale.slot * 0.7, y: scale.y(value), height: scale.y(0) - scale.y(value) }))
}

/** A line of steps; where there is no value it breaks. */
export function stepsOf(values: readonly (number | null)[], scale: Scale): string {
  let path = ''
  let drawing = false
  values.forEach((value, at) => {
    if (value === null) {
      drawing = false
      return
    }
    const [from, to, y] = [scale.x(at), scale.x(at + 1), scale.y(value)].map(round)
    path += drawing ? `V${y}H${to}` : `M${from},${y}H${to}`
    drawing = true
  })
  return path
}

/** Where fewer were there than it takes. */
export function shortOf(halves: readonly Pick<HalfHour, 'needed' | 'there'>[], scale: Scale): Bar[] {
  return halves.flatMap(({ needed, there }, at) => {
    if (needed === null || there === null || there >= needed - 0.05) return []
    return [{ x: scale.x(at), width: scale.slot, y: scale.y(needed), height: scale.y(there) - scale.y(needed) }]
  })
}

/** The half hour under a place of the picture. */
export function halfAt(x: number, frame: Frame, count: number): number | null {
  const at = Math.floor((x - frame.left) / scaleOf(frame, count, 1).slot)
  return at >= 0 && at < count ? at : null
}

/** 540 → 09:00 */
export function clockText(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

export function peakOf(halves: readonly HalfHour[]): HalfHour | null {
  return halves.reduce<HalfHour | null>((peak, half) => (half.needed ?? 0) > (peak?.needed ?? 0) ? half : peak, null)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
