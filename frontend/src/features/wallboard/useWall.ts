import type { ComputedRef, ShallowRef } from 'vue'
import type { Wall } from '@/api/monitor'
import { useIntervalFn } from '@vueuse/core'
import { computed, onScopeDispose, shallowRef } from 'vue'
import { readKept, writeKept } from '@/stores/kept'

const KEY = 'wxdesk:wallboard'
const EVERY_MS = 1_000
const LONGEST_MS = 8_000
const STALE_MS = 10_000
const SLOWEST_MS = 10_000

export interface UseWall {
  wall: ShallowRef<Wall | undefined>
  /** The desk's time, by the second; it stands still with the figures. */
  now: ComputedRef<number>
  ageMs: ComputedRef<number>
  stale: ComputedRef<boolean>
  /** No token, or one that opens nothing any more. */
  shut: ShallowRef<'none' | 'refused' | null>
}

/** The token comes in the address once, where no server sees it, and stays in this browser. */
export function tokenHere(): string | null {
  const given = location.hash.slice(1)
  if (given.startsWith('wxb_')) {
    writeKept(KEY, given)
    history.replaceState(null, '', location.pathname + location.search)
  }
  return readKept<string | null>(KEY, null)
}

/** The figures of a wall, each second, for ever: whatever goes wrong, it tries again. */
export function useWall(token: string | null): UseWall {
  const wall = shallowRef<Wall>()
  const shut = shallowRef<'none' | 'refused' | null>(token === null ? 'none' : null)
  const tick = shallowRef(performance.now())
  let heardAt = performance.now()
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function read(): Promise<void> {
    try {
      const answer = await fetch('/api/wallboard', {
        headers: { accept: 'application/json', authorization: `Bearer ${token}` },
        cache: 'no-store',
        signal: AbortSignal.timeout(LONGEST_MS),
      })
      shut.value = answer.status === 401 ? 'refused' : null
      if (!answer.ok) throw new Error(String(answer.status))
      wall.value = await answer.json() as Wall
      heardAt = tick.value = performance.now()
      failures = 0
    }
    catch {
      failures++ // the clock on the wall says so
    }
    timer = setTimeout(read, Math.min(EVERY_MS * Math.max(1, failures), SLOWEST_MS))
  }

  const ageMs = computed(() => Math.max(0, tick.value - heardAt))
  useIntervalFn(() => { tick.value = performance.now() }, EVERY_MS)
  if (token !== null) void read()
  onScopeDispose(() => clearTimeout(timer))

  return {
    wall,
    shut,
    ageMs,
    stale: computed(() => ageMs.value > STALE_MS),
    now: computed(() => wall.value ? Date.parse(wall.value.at) + ageMs.value : 0),
  }
}
