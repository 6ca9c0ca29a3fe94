/** What a finger that pulls a list down means. Pure; distances in pixels. */

/** Let go from here on, the list is fetched. */
export const READY_PX = 56
const MOST_PX = 88
const DECIDED_PX = 10

/** It has hardly moved; it is none of ours; it pulls. Whoever pushes a row aside does not pull. */
export function pulls(x: number, y: number): 'undecided' | 'no' | 'yes' {
  if (Math.hypot(x, y) < DECIDED_PX) return 'undecided'
  return y > Math.abs(x) ? 'yes' : 'no'
}

/** How far the list comes along: less and less. */
export function comesAlong(y: number): number {
  return y <= 0 ? 0 : Math.round(MOST_PX * (1 - Math.exp(-y / (1.6 * MOST_PX))))
}
