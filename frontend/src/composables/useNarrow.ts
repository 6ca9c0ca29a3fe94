import type { Ref } from 'vue'
import { useMediaQuery } from '@vueuse/core'

/** A phone: list and conversation are separate screens. */
export function useNarrow(): Ref<boolean> {
  return useMediaQuery('(max-width: 767px)')
}
