/** What a supervisor is about to do, for a reason; one dialog asks for it. */
import type { ShallowRef } from 'vue'
import { shallowRef } from 'vue'

export type TalkAct = 'assign' | 'moveUp' | 'group' | 'takeOver' | 'end' | 'whisper' | 'join'
export type AgentAct = 'presence' | 'limit'

export interface Steer {
  act: TalkAct | AgentAct
  /** Of the conversation, or of the agent. */
  id: number
  /** Whom it is about. */
  name: string
}

const shown = shallowRef<Steer | null>(null)

export function useSteering(): { shown: ShallowRef<Steer | null>, steer: (act: Steer['act'], id: number, name: string) => void } {
  return { shown, steer: (act, id, name) => { shown.value = { act, id, name } } }
}
