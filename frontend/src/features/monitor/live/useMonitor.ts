import type { ComputedRef, ShallowRef } from 'vue'
import type { Monitor } from '@/api/monitor'
import { useDebounceFn, useEventListener, useIntervalFn } from '@vueuse/core'
import { computed, onMounted, shallowRef, watch } from 'vue'
import { Problem } from '@/api/http'
import { getMonitor } from '@/api/monitor'
import { useClock } from '@/stores/clock'
import { useConversations } from '@/stores/conversations'
import { useSeats } from '@/stores/seats'

const EVERY_MS = 4_000
const SETTLE_MS = 400
const LONGEST_SETTLE_MS = 1_500
const STALE_MS = 10_000

export interface LiveMonitor {
  monitor: ShallowRef<Monitor | undefined>
  problem: ShallowRef<Problem | null>
  /** How old what is shown is. */
  ageMs: ComputedRef<number>
  stale: ComputedRef<boolean>
  read: () => Promise<void>
}

/** The monitor as it is: read every few seconds while it is looked at, and soon after anything of the desk changes here. */
export function useMonitor(wanted: () => boolean): LiveMonitor {
  const clock = useClock()
  const conversations = useConversations()
  const seats = useSeats()
  const monitor = shallowRef<Monitor>()
  const problem = shallowRef<Problem | null>(null)
  let asked = 0

  async function read(): Promise<void> {
    if (!wanted() || document.hidden) return
    const turn = ++asked
    try {
      const found = await getMonitor()
      if (turn !== asked) return
      monitor.value = found
      problem.value = null
      clock.set(found.at)
    }
    catch (error) {
      if (!(error instanceof Problem)) throw error
      if (turn === asked) problem.value = error
    }
  }

  const ageMs = computed(() => monitor.value ? Math.max(0, clock.second - Date.parse(monitor.value.at)) : 0)
  const stale = computed(() => ageMs.value > STALE_MS)
  const soon = useDebounceFn(read, SETTLE_MS, { maxWait: LONGEST_SETTLE_MS })

  onMounted(read)
  useIntervalFn(read, EVERY_MS)
  useEventListener(document, 'visibilitychange', read)
  watch(wanted, read)
  watch([() => conversations.groups, () => [...seats.byId.values()]], () => void soon())

  return { monitor, problem, ageMs, stale, read }
}
