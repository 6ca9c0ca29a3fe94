/** A promise as it runs out: values in, values out. */
const LONGEST = 30 * 86_400

/** Whether the desk takes so many seconds as a target; null: none. */
export function isTarget(seconds: number | null | undefined, needed = false): boolean {
  return typeof seconds === 'number' ? seconds >= 1 && seconds <= LONGEST : !needed
}

export interface Stretch { kind: 'fine' | 'late' | 'overdue' | 'hopeless', from: number, share: number }

/** What counts from when on; `share`: how much of the picture it takes, long ones less than they are. */
export function stretchesOf(target: number, headStart: number, hardFactor: number): Stretch[] {
  const warn = target * (1 - headStart)
  const hard = Math.max(target, target * hardFactor)
  const parts: [Stretch['kind'], number, number][] = [['fine', 0, warn], ['late', warn, target], ['overdue', target, hard], ['hopeless', hard, hard + target / 2]]
  return parts.filter(([, from, to]) => to > from).map(([kind, from, to]) => ({ kind, from, share: Math.sqrt(to - from) }))
}
