import type { ShallowRef } from 'vue'
import type { Act } from '@/api/monitor'
import { useIntervalFn } from '@vueuse/core'
import { shallowRef, watch } from 'vue'
import { Problem } from '@/api/http'
import { listActs } from '@/api/monitor'

export interface Only { agent: number | null, conversation: number | null }

export interface Acts {
  acts: ShallowRef<readonly Act[] | undefined>
  problem: ShallowRef<Problem | null>
  more: ShallowRef<boolean>
  busy: ShallowRef<boolean>
  read: () => Promise<void>
  older: () => Promise<void>
}

const EVERY_MS = 10_000

/** What was done, newest first; what is done meanwhile comes by itself. */
export function useActs(only: () => Only): Acts {
  const acts = shallowRef<readonly Act[]>()
  const problem = shallowRef<Problem | null>(null)
  const more = shallowRef(false)
  const busy = shallowRef(false)
  let asked = 0

  async function ask(cursor: number | null): Promise<void> {
    const turn = ++asked
    try {
      const { items, next } = await listActs(only(), cursor)
      if (turn === asked) take(items, next !== null, cursor !== null)
    }
    catch (error) {
      if (!(error instanceof Problem)) throw error
      if (turn === asked) problem.value = error
    }
  }

  function take(items: readonly Act[], further: boolean, isOlder: boolean): void {
    problem.value = null
    const known = acts.value ?? []
    const rest = known.filter(({ id }) => id < (items.at(-1)?.id ?? 0))
    if (isOlder || !rest.length) more.value = further
    acts.value = isOlder ? [...known, ...items] : [...items, ...rest]
  }

  async function older(): Promise<void> {
    busy.value = true
    await ask(acts.value?.at(-1)?.id ?? null)
    busy.value = false
  }

  const read = (): Promise<void> => ask(null)

  watch(only, () => {
    acts.value = undefined
    void read()
  }, { immediate: true })
  useIntervalFn(() => { if (!document.hidden && !busy.value) void read() }, EVERY_MS)

  return { acts, problem, more, busy, read, older }
}
