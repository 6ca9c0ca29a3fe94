import type { ShallowRef } from 'vue'
import { shallowRef } from 'vue'

/** What is done with conversations, one or many, wherever they were chosen. */
export type Act = 'transfer' | 'snooze' | 'tag' | 'end' | 'blacklist'

export interface Acting { act: Act, ids: readonly number[] }

const acting = shallowRef<Acting | null>(null)

/** What is asked about just now, in a dialog above everything. */
export function useActing(): ShallowRef<Acting | null> {
  return acting
}

/** Whether it may be done is for the desk to say. */
export function askToAct(act: Act, ids: readonly number[]): void {
  if (ids.length > 0) acting.value = { act, ids }
}
