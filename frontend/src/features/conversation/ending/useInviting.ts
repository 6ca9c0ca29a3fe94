import type { ComputedRef } from 'vue'
import type { Conversation } from '@/api/types'
import { computed } from 'vue'
import { scoreText } from '@/composables/rating'
import { leftText } from '@/composables/useAllowance'
import { useSession } from '@/stores/session'
import { useSending } from '../useSending'
import { say } from '../words'

export interface Inviting {
  /** Whose customer may be asked by this agent, whatever stands in the way now. */
  mayInvite: ComputedRef<boolean>
  /** Why not now, in a sentence; empty: nothing stands in the way. */
  hindrance: ComputedRef<string>
  /** It would use up the last message. */
  isLast: ComputedRef<boolean>
  /** What it costs, and what is left. */
  cost: ComputedRef<string>
}

/** Asking the customer of a conversation how it was. */
export function useInviting(conversation: () => Conversation): Inviting {
  const session = useSession()
  const { forecast, obstacleTo } = useSending(conversation)

  const hindrance = computed(() => {
    const { rating } = conversation()
    if (rating) return rating.score === null ? say('invite.asked') : say('invite.rated', { score: scoreText(rating.score) })
    const obstacle = obstacleTo(1)
    return obstacle ? say(obstacle === 'windowClosed' ? 'invite.closed' : 'invite.spent') : ''
  })

  return {
    mayInvite: computed(() => {
      const { assignee, hidden } = conversation()
      return !hidden && assignee !== null && (assignee.id === session.agent?.id || session.agent?.role !== 'agent')
    }),
    hindrance,
    isLast: computed(() => forecast.value.left === 1),
    cost: computed(() => say('invite.cost', { left: leftText(forecast.value.left) })),
  }
}
