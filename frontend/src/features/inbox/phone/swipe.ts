/** What a finger on a row means. Pure; distances in pixels. */

/** It has hardly moved; it scrolls the list; it pushes the row aside. */
export type Way = 'undecided' | 'scroll' | 'aside'

const DECIDED_PX = 10

/** Whoever scrolls seldom goes straight: pushing aside must be clearly sideways. */
export function swiped(x: number, y: number): Way {
  if (Math.hypot(x, y) < DECIDED_PX) return 'undecided'
  return Math.abs(x) > 1.5 * Math.abs(y) ? 'aside' : 'scroll'
}

/** Where a row that was let go comes to rest: most of the way counts as all of it. */
export function settle(moved: number, width: number, act: number): 'open' | 'right' | 'shut' {
  if (width > 0 && moved <= -Math.min(width, act) * 0.6) return 'open'
  return moved >= act * 0.6 ? 'right' : 'shut'
}
