import type { ComputedRef, Ref } from 'vue'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'

/** How long the pointer must be elsewhere before rows may move. */
export const AWAY_MS = 1_000

export interface SteadyOrder<Entry> {
  shown: Ref<readonly Entry[]>
  /** Another order is waiting until the pointer has left. */
  waiting: ComputedRef<boolean>
  /** By how many places an entry will then move up, by its key. */
  jumps: ComputedRef<ReadonlyMap<string, number>>
  enter: (event: PointerEvent) => void
  leave: () => void
  /** Take the new order now. */
  settle: () => void
  /** Take in what is new, each entry after the one it follows; what is shown keeps its order. */
  grow: () => void
}

/** Entries in an order that never changes under the pointer. */
export function useSteadyOrder<Entry extends { key: string }>(wanted: () => readonly Entry[]): SteadyOrder<Entry> {
  const shown = shallowRef<readonly Entry[]>(wanted())
  const held = shallowRef(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  const waiting = computed(() => held.value && !sameKeys(shown.value, wanted()))

  const jumps = computed(() => waiting.value ? jumpsOf(shown.value, wanted()) : new Map<string, number>())

  function settle(): void {
    shown.value = wanted()
  }

  function grow(): void {
    shown.value = grown(shown.value, wanted())
  }

  function release(): void {
    held.value = false
    settle()
  }

  watch(wanted, (entries) => {
    if (!held.value || shown.value.length === 0 || sameKeys(shown.value, entries)) settle()
  })
  onScopeDispose(() => clearTimeout(timer))

  return {
    shown,
    waiting,
    jumps,
    settle,
    grow,
    enter: ({ pointerType }) => {
      if (pointerType !== 'mouse') return
      clearTimeout(timer)
      held.value = true
    },
    leave: () => {
      clearTimeout(timer)
      timer = setTimeout(release, AWAY_MS)
    },
  }
}

function grown<Entry extends { key: string }>(shown: readonly Entry[], wanted: readonly Entry[]): Entry[] {
  const newest = new Map(wanted.map(entry => [entry.key, entry]))
  const known = new Set(shown.map(({ key }) => key))
  const after = new Map<string | undefined, Entry[]>()
  let before: string | undefined
  for (const entry of wanted) {
    if (known.has(entry.key)) before = entry.key
    else after.set(before, [...after.get(before) ?? [], entry])
  }
  return [...after.get(undefined) ?? [], ...shown.flatMap(one => [newest.get(one.key) ?? one, ...after.get(one.key) ?? []])]
}

/** What is in both, and nearer to the top in the second. */
export function jumpsOf(shown: readonly { key: string }[], wanted: readonly { key: string }[]): Map<string, number> {
  const [before, after] = [new Set(shown.map(({ key }) => key)), new Map(wanted.map(({ key }) => [key, 0]))]
  let place = 0
  for (const key of after.keys()) {
    if (before.has(key)) after.set(key, place++)
    else after.delete(key)
  }
  const kept = [...before].filter(key => after.has(key))
  return new Map(kept.map((key, at) => [key, at - after.get(key)!] as const).filter(([, by]) => by > 0))
}

function sameKeys(some: readonly { key: string }[], others: readonly { key: string }[]): boolean {
  return some.length === others.length && some.every((entry, at) => entry.key === others[at]!.key)
}
