import type { ComputedRef, CSSProperties, Ref } from 'vue'
import { computed, shallowRef } from 'vue'

const SMALLEST = 0.2
const LARGEST = 8

interface View { scale: number, turns: number, x: number, y: number }
const FITTED: View = { scale: 1, turns: 0, x: 0, y: 0 }

export interface Zoom {
  style: ComputedRef<CSSProperties>
  /** Turned on its side: its width has to fit where the height was. */
  lying: ComputedRef<boolean>
  dragging: Ref<boolean>
  zoom: (by: number) => void
  rotate: () => void
  fit: () => void
  wheel: (event: WheelEvent) => void
  press: (event: PointerEvent) => void
  move: (event: PointerEvent) => void
  release: (event: PointerEvent) => void
}

/** Zooming, turning and moving a picture, by wheel, by keys, and by one or two fingers. */
export function useZoom(): Zoom {
  const view = shallowRef<View>(FITTED)
  const dragging = shallowRef(false)
  const pointers = new Map<number, { x: number, y: number }>()

  function zoom(by: number): void {
    view.value = { ...view.value, scale: Math.min(LARGEST, Math.max(SMALLEST, view.value.scale * by)) }
  }

  function shift(x: number, y: number): void {
    view.value = { ...view.value, x: view.value.x + x, y: view.value.y + y }
  }

  function press(event: PointerEvent): void {
    if (event.button !== 0 || !(event.target instanceof HTMLImageElement)) return
    event.target.setPointerCapture(event.pointerId)
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY })
    dragging.value = true
  }

  function move({ pointerId, clientX: x, clientY: y }: PointerEvent): void {
    const before = pointers.get(pointerId)
    if (!before) return
    const apart = spread(pointers)
    pointers.set(pointerId, { x, y })
    if (pointers.size === 1) shift(x - before.x, y - before.y)
    else if (apart > 0) zoom(spread(pointers) / apart)
  }

  function release({ pointerId }: PointerEvent): void {
    pointers.delete(pointerId)
    dragging.value = pointers.size > 0
  }

  return {
    style: computed(() => ({ transform: `translate(${view.value.x}px, ${view.value.y}px) rotate(${view.value.turns * 90}deg) scale(${view.value.scale})` })),
    lying: computed(() => view.value.turns % 2 === 1),
    dragging,
    zoom,
    rotate: () => { view.value = { ...view.value, turns: view.value.turns + 1 } },
    fit: () => { view.value = FITTED },
    wheel: ({ deltaY }) => zoom(1.0015 ** -deltaY),
    press,
    move,
    release,
  }
}

/** How far two fingers are from each other. */
function spread(pointers: ReadonlyMap<number, { x: number, y: number }>): number {
  const [one, other] = [...pointers.values()]
  return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 0
}
