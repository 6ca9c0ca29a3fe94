/** How fast an import goes, from what was heard of it lately: values in, values out. */
export interface Heard { at: number, done: number }

/** Older news no longer says how fast it goes now. */
export const WINDOW_MS = 30_000
const ENOUGH_MS = 2_000

/** What was heard within the window, with the newest. An import that begins anew forgets what was before. */
export function hear(heard: readonly Heard[], next: Heard): readonly Heard[] {
  const last = heard.at(-1)
  if (last && next.done < last.done) return [next]
  return [...heard.filter(({ at }) => next.at - at <= WINDOW_MS), next]
}

/** People a second; null until there is enough to tell. */
export function rateOf(heard: readonly Heard[]): number | null {
  const [first, last] = [heard[0], heard.at(-1)]
  if (!first || !last || last.at - first.at < ENOUGH_MS || last.done <= first.done) return null
  return (last.done - first.done) / ((last.at - first.at) / 1_000)
}

/** Seconds that are left at this rate. */
export function remaining({ done, total }: { done: number, total: number }, rate: number): number {
  return Math.max(0, total - done) / rate
}

export type Span = { unit: 'soon' } | { unit: 'seconds' | 'minutes', n: number } | { unit: 'hours', hours: number, minutes: number }

/** A length of time, no finer than anybody needs. */
export function spanOf(seconds: number): Span {
  if (seconds < 5) return { unit: 'soon' }
  if (seconds < 60) return { unit: 'seconds', n: Math.ceil(seconds / 5) * 5 }
  const minutes = Math.ceil(seconds / 60)
  return minutes < 60 ? { unit: 'minutes', n: minutes } : { unit: 'hours', hours: Math.floor(minutes / 60), minutes: minutes % 60 }
}
