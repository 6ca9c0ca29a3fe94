import type { ComputedRef } from 'vue'
import { computed, shallowRef } from 'vue'
import { usePreferences } from '@/stores/preferences'
import { useCramped } from './useNarrow'

/** On a phone the panel is a sheet, and closed at first. */
const sheet = shallowRef(false)

/** Whether the customer's details are shown. */
export function usePanel(): { open: ComputedRef<boolean>, toggle: () => void, close: () => void } {
  const preferences = usePreferences()
  const cramped = useCramped()
  const open = computed(() => cramped.value ? sheet.value : preferences.chosen.panel)

  function set(value: boolean): void {
    if (cramped.value) sheet.value = value
    else preferences.chosen.panel = value
  }

  return { open, toggle: () => set(!open.value), close: () => set(false) }
}
