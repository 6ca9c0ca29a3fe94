import type { Ref } from 'vue'
import { useMediaQuery } from '@vueuse/core'

/** A phone: list and conversation are separate screens. */
export function useNarrow(): Ref<boolean> {
  return useMediaQuery('(max-width: 767px)')
}

/** A phone, also on its side: there is no room for a panel beside the thread. */
export function useCramped(): Ref<boolean> {
  return useMediaQuery('(max-width: 767px), (max-width: 1023px) and (max-height: 479px)')
}
