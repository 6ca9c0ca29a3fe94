import type { Sheet } from '@/api/sheets'
import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import { listSheets } from '@/api/sheets'

/** Files of customers that one has exported or imported; the stream tells how far they are. */
export const useSheets = defineStore('sheets', () => {
  const byId = shallowReactive(new Map<number, Sheet>())
  const next = shallowRef<number | null>(null)
  const all = computed(() => [...byId.values()].sort((one, other) => other.id - one.id))

  function put(sheet: Sheet): void {
    const known = byId.get(sheet.id)
    if (!known || known.version <= sheet.version) byId.set(sheet.id, sheet)
  }

  /** @throws {Problem} what was known stays. */
  async function load(cursor: number | null = null): Promise<void> {
    const page = await listSheets(cursor)
    page.items.forEach(put)
    next.value = page.next
  }

  return { byId, all, next, put, load }
})
