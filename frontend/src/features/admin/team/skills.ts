/** What agents can, and how well. */
import type { Seat } from '@/api/team'

export const MOST_PROFICIENT = 5

/** The skills that anybody has, each once. */
export function skillsOf(seats: readonly Seat[]): string[] {
  return [...new Set(seats.flatMap(({ skills }) => Object.keys(skills)))].sort((one, other) => one.localeCompare(other))
}
