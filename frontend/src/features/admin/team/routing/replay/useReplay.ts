import type { ComputedRef, ShallowRef } from 'vue'
import type { PlanDoc, Replay } from '@/api/team'
import { useTimeoutFn } from '@vueuse/core'
import { computed, onMounted, shallowRef } from 'vue'
import { Problem } from '@/api/http'
import { askReplay, getReplay, newestReplay } from '@/api/team'

export interface FollowedReplay {
  replay: ShallowRef<Replay | null>
  loaded: ShallowRef<boolean>
  runs: ComputedRef<boolean>
  busy: ShallowRef<boolean>
  problem: ShallowRef<Problem | null>
  begin: (day: string, doc: PlanDoc | null) => Promise<void>
  load: () => Promise<void>
}

const EVERY_MS = 1_000

/** The replay that was asked for last: it goes on when nobody looks, and is there for whoever comes back. */
export function useReplay(): FollowedReplay {
  const replay = shallowRef<Replay | null>(null)
  const loaded = shallowRef(false)
  const busy = shallowRef(false)
  const problem = shallowRef<Problem | null>(null)
  const runs = computed(() => replay.value !== null && replay.value.result === null && replay.value.error === null)
  const soon = useTimeoutFn(() => void follow(), EVERY_MS, { immediate: false })

  async function attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act()
      problem.value = null
    }
    catch (error) {
      if (!(error instanceof Problem)) throw error
      problem.value = error
    }
    if (runs.value) soon.start()
  }

  async function follow(): Promise<void> {
    await attempt(async () => { replay.value = await getReplay(replay.value!.id) })
  }

  async function load(): Promise<void> {
    await attempt(async () => {
      replay.value = await newestReplay()
      loaded.value = true
    })
  }

  async function begin(day: string, doc: PlanDoc | null): Promise<void> {
    busy.value = true
    await attempt(async () => {
      const { id } = await askReplay(day, doc)
      replay.value = await getReplay(id)
    })
    if (problem.value?.code === 'replay_runs') await showOther(problem.value)
    busy.value = false
  }

  /** Somebody was faster: theirs is what runs. */
  async function showOther(refused: Problem): Promise<void> {
    await load()
    problem.value ??= refused
  }

  onMounted(load)

  return { replay, loaded, runs, busy, problem, begin, load }
}
