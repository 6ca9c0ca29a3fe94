const FIRST_MS = 500
const LONGEST_MS = 15_000

/** How long to wait after so many failures in a row: doubling, and spread, so that a desk that comes back is not trampled. */
export function backoff(failures: number, random: number): number {
  const longest = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS)
  return Math.round(longest * (0.5 + random / 2))
}
