import type { Ref } from 'vue'
import { onLongPress, useEventListener } from '@vueuse/core'
import { shallowRef } from 'vue'

export interface Place { id: number, x: number, y: number }

export type RowPlace = ReturnType<typeof useRowPlace>

const HOVER_MS = 500
/** Beside what shows it. */
const GAP = 10

/** Where the menu of a row is open, and the preview of another: by pointer, finger and keyboard. */
export function useRowPlace(scroller: Readonly<Ref<HTMLElement | null>>, mayPreview: (id: number) => boolean) {
  const menu = shallowRef<Place | null>(null)
  const preview = shallowRef<Place | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let over: number | null = null
  /** The finger is still down after the menu has come: what follows is no tap. */
  let held = false

  function rowAt(target: EventTarget | null): HTMLElement | null {
    return (target as Element | null)?.closest('.place')?.querySelector<HTMLElement>('[data-conversation]') ?? null
  }

  function idOf(row: HTMLElement | null): number | null {
    return row ? Number(row.dataset.conversation) : null
  }

  function openMenu(target: EventTarget | null, point: { x: number, y: number } | null): boolean {
    const row = rowAt(target)
    if (!row) return false
    const box = row.getBoundingClientRect()
    hide()
    row.focus()
    menu.value = { id: idOf(row)!, x: point?.x ?? box.left + box.width / 2, y: point?.y ?? box.top + box.height / 2 }
    return true
  }

  function show(row: HTMLElement): void {
    const id = idOf(row)!
    if (menu.value || !mayPreview(id)) return
    const box = row.getBoundingClientRect()
    preview.value = { id, x: box.right + GAP, y: box.top }
  }

  function hide(): void {
    clearTimeout(timer)
    over = preview.value = null
  }

  function togglePreview(target: EventTarget | null): void {
    const row = rowAt(target)
    if (preview.value) return hide()
    if (row) show(row)
  }

  useEventListener(scroller, 'pointerover', ({ target, pointerType }: PointerEvent) => {
    if (pointerType !== 'mouse') return
    const row = rowAt(target)
    if (idOf(row) === over) return
    hide()
    over = idOf(row)
    if (row) timer = setTimeout(show, HOVER_MS, row)
  })
  useEventListener(scroller, ['pointerleave', 'pointerdown', 'scroll'], hide)
  useEventListener(scroller, 'contextmenu', (event: MouseEvent) => {
    if (openMenu(event.target, event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : null)) event.preventDefault()
  })
  onLongPress(scroller, (event: PointerEvent) => {
    if (event.pointerType !== 'mouse' && openMenu(event.target, { x: event.clientX, y: event.clientY })) held = true
  }, { delay: HOVER_MS })
  useEventListener(scroller, 'click', (event) => {
    if (!held) return
    held = false
    event.preventDefault()
    event.stopPropagation()
  }, { capture: true })

  return { menu, preview, hide, openMenu, togglePreview }
}
