import { computed, shallowRef } from 'vue'
import { Problem } from '@/api/http'

/** What became of one conversation; `code` null: it was done. */
export interface Outcome { id: number, code: string | null, facts: Record<string, unknown> }

export interface Many { label: string, total: number, outcomes: readonly Outcome[] }

/** So many requests are on their way at once: the desk has other work too. */
export const AT_ONCE = 4

const shown = shallowRef<Many | null>(null)

/** One act on many conversations: each is done by itself, and told by itself. */
export function useMany() {
  const running = computed(() => shown.value !== null && shown.value.outcomes.length < shown.value.total)

  function note(...outcomes: Outcome[]): void {
    if (shown.value) shown.value = { ...shown.value, outcomes: [...shown.value.outcomes, ...outcomes] }
  }

  /** Returns whose turn did not work. */
  async function run(label: string, ids: readonly number[], act: (id: number) => Promise<unknown>): Promise<Outcome[]> {
    shown.value = { label, total: ids.length, outcomes: [] }
    const waiting = [...ids]
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) note(await outcomeOf(id, act))
    }))
    return shown.value.outcomes.filter(({ code }) => code !== null)
  }

  function clear(): void {
    shown.value = null
  }

  return { shown, running, run, clear }
}

async function outcomeOf(id: number, act: (id: number) => Promise<unknown>): Promise<Outcome> {
  try {
    await act(id)
    return { id, code: null, facts: {} }
  }
  catch (error) {
    if (!(error instanceof Problem)) throw error
    return { id, code: error.code, facts: error.facts }
  }
}
