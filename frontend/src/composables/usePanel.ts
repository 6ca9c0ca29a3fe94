import type { ComputedRef } from 'vue'
import { computed, shallowRef } from 'vue'
import { usePreferences } from '@/stores/preferences'
import { useNarrow } from './useNarrow'

/** On a phone the panel is a sheet, and closed at first. */
const sheet = shallowRef(false)

/** Whether the customer's details are shown. */
export function usePanel(): { open: ComputedRef<boolean>, toggle: () => void, close: () => void } {
  const preferences = usePreferences()
  const narrow = useNarrow()
  const open = computed(() => narrow.value ? sheet.value : preferences.chosen.panel)

  function set(value: boolean): void {
    if (narrow.value) sheet.value = value
    else preferences.chosen.panel = value
  }

  return { open, toggle: () => set(!open.value), close: () => set(false) }
}
