import type { SavedView, SavedViewWish } from '@/api/savedViews'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import * as api from '@/api/savedViews'

/** The saved views of this agent, those that are shared first; read when somebody asks. */
export const useSavedViews = defineStore('savedViews', () => {
  const all = shallowRef<readonly SavedView[]>([])

  /** @throws {Problem} as all below: nothing was changed. */
  async function load(): Promise<void> {
    all.value = await api.listSavedViews()
  }

  async function add(wish: SavedViewWish): Promise<SavedView> {
    const made = await api.addSavedView(wish)
    await load()
    return made
  }

  async function change({ id }: SavedView, wish: SavedViewWish): Promise<void> {
    await api.changeSavedView(id, wish)
    await load()
  }

  async function remove({ id }: SavedView): Promise<void> {
    await api.removeSavedView(id)
    all.value = all.value.filter(view => view.id !== id)
  }

  /** One place further up or down, among those of its kind. */
  async function move(view: SavedView, by: 1 | -1): Promise<void> {
    const kind = all.value.filter(({ shared }) => shared === view.shared).map(({ id }) => id)
    const at = kind.indexOf(view.id)
    const other = kind[at + by]
    if (other === undefined) return
    kind[at + by] = view.id
    kind[at] = other
    all.value = await api.arrangeSavedViews(kind)
  }

  function clear(): void {
    all.value = []
  }

  return { all, load, add, change, remove, move, clear }
})
