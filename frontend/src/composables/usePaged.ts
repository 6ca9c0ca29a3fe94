import type { ComputedRef } from 'vue'
import type { Deed } from './useDeed'
import type { Loaded } from './useLoaded'
import type { Page } from '@/api/types'
import { computed, shallowRef } from 'vue'
import { useDeed } from './useDeed'
import { useLoaded } from './useLoaded'

export interface Paged<Item> {
  loaded: Loaded<readonly Item[]>
  /** Whether there are older ones. */
  more: ComputedRef<boolean>
  older: () => Promise<boolean>
  reading: Pick<Deed, 'busy' | 'failure'>
  change: (to: (items: readonly Item[]) => readonly Item[]) => void
}

/** A list, newest first, of which older ones are read when somebody asks. */
export function usePaged<Item, Cursor = number>(read: (cursor: Cursor | null) => Promise<Page<Item, Cursor>>): Paged<Item> {
  const next = shallowRef<Cursor | null>(null)
  const { busy, failure, run } = useDeed()
  const loaded = useLoaded<readonly Item[]>(() => page(null))

  async function page(cursor: Cursor | null): Promise<readonly Item[]> {
    const found = await read(cursor)
    next.value = found.next
    return found.items
  }

  function change(to: (items: readonly Item[]) => readonly Item[]): void {
    loaded.thing.value = to(loaded.thing.value ?? [])
  }

  async function append(): Promise<void> {
    const found = await page(next.value)
    change(items => [...items, ...found])
  }

  return { loaded, more: computed(() => next.value !== null), older: () => run(append), reading: { busy, failure }, change }
}
