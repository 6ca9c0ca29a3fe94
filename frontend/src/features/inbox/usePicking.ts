import type { ComputedRef } from 'vue'
import type { Selection } from './selection'
import { computed, shallowRef, watch } from 'vue'
import { useMany } from '@/composables/useMany'
import { all, kept, NONE, ranged, toggled } from './selection'

export interface Picking {
  ids: ComputedRef<readonly number[]>
  has: (id: number) => boolean
  pick: (id: number, how: 'one' | 'range') => void
  /** From one row to its neighbour, both of which are chosen then. */
  extend: (from: number, to: number) => void
  pickAll: () => void
  clear: () => void
}

/** The rows that are chosen, in the order of the list. What was done with them leaves those that it was not done with. */
export function usePicking(order: () => readonly number[]): Picking {
  const many = useMany()
  const selection = shallowRef<Selection>(NONE)

  watch(order, now => selection.value = kept(selection.value, now))
  watch(many.running, (running) => {
    if (running || !many.shown.value) return
    const failed = many.shown.value.outcomes.filter(({ code }) => code !== null).map(({ id }) => id)
    selection.value = { ids: new Set(failed), anchor: null }
  })

  return {
    ids: computed(() => order().filter(id => selection.value.ids.has(id))),
    has: id => selection.value.ids.has(id),
    pick: (id, how) => { selection.value = how === 'range' ? ranged(selection.value, id, order()) : toggled(selection.value, id) },
    extend: (from, to) => {
      const begun = selection.value.ids.has(from) ? selection.value : toggled(selection.value, from)
      selection.value = ranged(begun, to, order())
    },
    pickAll: () => { selection.value = all(order()) },
    clear: () => { selection.value = NONE },
  }
}
