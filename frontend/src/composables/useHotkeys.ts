import { useEventListener } from '@vueuse/core'

export interface Hotkey {
  /** By the place on the keyboard, not by what it writes: an input method or a Mac's Alt would change that. */
  code: string
  with: 'alt' | 'main' | 'mainAlt' | 'shift' | 'other' | 'none'
  run: () => void
  /** Also while typing; plain keys never are. */
  whileTyping?: boolean
}

/** Listen for shortcuts on the whole page; silent while an input method composes. */
export function useHotkeys(hotkeys: () => readonly Hotkey[]): void {
  useEventListener(document, 'keydown', (event: KeyboardEvent) => {
    if (isComposing(event) || event.defaultPrevented) return
    const hotkey = hotkeys().find(one => one.code === event.code && one.with === heldWith(event))
    if (!hotkey || (isTyping(event) && hotkey.whileTyping === false)) return
    event.preventDefault()
    hotkey.run()
  })
}

/**
 * This key belongs to an input method. Safari ends the composition before it reports the Enter that
 * ended it; there, only the old keyCode 229 still tells.
 */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229
}

function heldWith({ altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): Hotkey['with'] | null {
  const main = ctrlKey || metaKey
  if (altKey) {
    return shiftKey ? null : main ? 'mainAlt' : 'alt'
  }
  if (main) return shiftKey ? null : 'main'
  return shiftKey ? 'shift' : 'none'
}

function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}
