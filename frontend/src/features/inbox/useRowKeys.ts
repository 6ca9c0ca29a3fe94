import type { Picking } from './usePicking'
import type { RowPlace } from './useRowPlace'
import { nextTick } from 'vue'
import { isComposing } from '@/composables/useHotkeys'

export interface Rows {
  /** As they stand in the list. */
  ids: () => readonly number[]
  chosenId: () => number | null
  picking: Picking
  place: RowPlace
  scroller: () => HTMLElement | null
  bringIntoView: (id: number) => void
}

/** The keys of the list of conversations. */
export function useRowKeys({ ids, chosenId, picking, place, scroller, bringIntoView }: Rows): (event: KeyboardEvent) => void {
  function focusedId(): number {
    return Number((document.activeElement as HTMLElement | null)?.dataset.conversation ?? chosenId())
  }

  /** Up and down walk through the rows; Enter follows the link of the one in focus. */
  async function walk(by: number, choosing: boolean): Promise<void> {
    const focused = focusedId()
    const next = ids()[Math.min(Math.max(ids().indexOf(focused) + by, 0), ids().length - 1)]
    if (next === undefined) return
    place.hide()
    if (choosing) picking.extend(focused, next)
    bringIntoView(next)
    await nextTick()
    scroller()?.querySelector<HTMLElement>(`[data-conversation="${next}"]`)?.focus()
  }

  /** Space previews; where something is chosen, or Ctrl is held, it chooses. */
  return (event) => {
    if (isComposing(event) || event.altKey) return
    const main = event.ctrlKey || event.metaKey
    const onRow = (event.target as HTMLElement).dataset.conversation !== undefined
    if (event.code === 'ArrowDown' || event.code === 'ArrowUp') void walk(event.code === 'ArrowDown' ? 1 : -1, event.shiftKey)
    else if (event.code === 'Space' && onRow) main || picking.ids.value.length ? picking.pick(focusedId(), 'one') : place.togglePreview(event.target)
    else if (event.code === 'KeyA' && main) picking.pickAll()
    else if ((event.code === 'ContextMenu' || (event.code === 'F10' && event.shiftKey)) && onRow) place.openMenu(event.target, null)
    else if (event.key === 'Escape' && (place.preview.value || picking.ids.value.length)) place.preview.value ? place.hide() : picking.clear()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
}
