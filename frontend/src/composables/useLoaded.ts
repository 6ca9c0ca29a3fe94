import type { Ref } from 'vue'
import { onMounted, shallowRef, watch } from 'vue'
import { Problem } from '@/api/http'
import { useConnection } from '@/stores/connection'

export interface Loaded<Thing> {
  /** Undefined until it came; what was shown stays when reading again fails. */
  thing: Ref<Thing | undefined>
  problem: Ref<Problem | null>
  load: () => Promise<void>
}

/** Reads when the page opens, and again by itself when the desk is back. */
export function useLoaded<Thing>(read: () => Promise<Thing>): Loaded<Thing> {
  const connection = useConnection()
  const thing = shallowRef<Thing>()
  const problem = shallowRef<Problem | null>(null)
  let asked = 0

  async function load(): Promise<void> {
    const turn = ++asked
    try {
      const found = await read()
      if (turn !== asked) return
      thing.value = found
      problem.value = null
    }
    catch (error) {
      if (!(error instanceof Problem)) throw error
      if (turn === asked) problem.value = error
    }
  }

  onMounted(load)
  watch(() => connection.state, (state) => { if (state === 'live' && problem.value?.passing) void load() })

  return { thing, problem, load }
}
