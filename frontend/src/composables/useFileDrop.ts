import type { Ref, ShallowRef } from 'vue'
import { useEventListener } from '@vueuse/core'
import { shallowRef } from 'vue'

/** Files dragged onto a place; while one hovers over it, true. Text that is dragged is nobody's business here. */
export function useFileDrop(place: Readonly<ShallowRef<HTMLElement | null>>, wanted: () => boolean, take: (files: File[]) => void): Ref<boolean> {
  const over = shallowRef(false)
  /** Entering a child comes before leaving its parent. */
  let depth = 0

  function set(entered: number): void {
    depth = entered
    over.value = depth > 0 && wanted()
  }

  function listen(name: 'dragenter' | 'dragover' | 'dragleave' | 'drop', act: (event: DragEvent) => void): void {
    useEventListener(place, name, (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault() // else the browser leaves the page for the file
      act(event)
    })
  }

  listen('dragenter', () => set(depth + 1))
  listen('dragleave', () => set(Math.max(0, depth - 1)))
  listen('dragover', ({ dataTransfer }) => { dataTransfer!.dropEffect = wanted() ? 'copy' : 'none' })
  listen('drop', ({ dataTransfer }) => {
    set(0)
    if (wanted()) take([...dataTransfer!.files])
  })
  return over
}
