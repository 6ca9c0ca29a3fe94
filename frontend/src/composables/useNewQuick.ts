import type { ShallowRef } from 'vue'
import { shallowRef } from 'vue'

const text = shallowRef<string | null>(null)

/** What is to become a quick reply, wherever it was said; it is asked about in a dialog above everything. */
export function useNewQuick(): ShallowRef<string | null> {
  return text
}
