import type { ComputedRef } from 'vue'
import type { Manner } from '@/api/content'
import type { Conversation, Message } from '@/api/types'
import type { Forecast } from '@/composables/allowance'
import type { Draft } from '@/stores/messages'
import { computed } from 'vue'
import { takes } from '@/composables/allowance'
import { useAllowance } from '@/composables/useAllowance'
import { t } from '@/i18n'
import { useClock } from '@/stores/clock'
import { useContacts } from '@/stores/contacts'
import { useConversations } from '@/stores/conversations'
import { useMessages } from '@/stores/messages'
import { useToasts } from '@/stores/toasts'

/** Why something cannot be sent now: the window is closed, all is used up, or it needs more than is left. */
export type Obstacle = 'windowClosed' | 'spent' | 'tooFew'

export interface Sending {
  forecast: ComputedRef<Forecast>
  obstacleTo: (sends: number) => Obstacle | null
}

/** What WeChat lets be said in a conversation now. */
export function useSending(conversation: () => Conversation): Sending {
  const contacts = useContacts()
  const { forecast } = useAllowance(() => contacts.newest(conversation().contact), () => false)

  function obstacleTo(sends: number): Obstacle | null {
    if (forecast.value.closesAt === null) return forecast.value.spent ? 'spent' : 'windowClosed'
    return takes(forecast.value, sends) ? null : 'tooFew'
  }

  return { forecast: computed(() => forecast.value), obstacleTo }
}

export function mannerFor(obstacle: Obstacle | null, anyway: boolean): Manner {
  if (!obstacle) return { keep_last: true }
  return anyway ? { anyway: true } : { park: true }
}

/** A little after a message has left nobody takes it back any more. */
const GRACE_MS = 500

/** Say one last thing, and end the conversation once it has left. */
export function useClosingLine(): (draft: Draft) => Promise<void> {
  const clock = useClock()
  const conversations = useConversations()
  const messages = useMessages()
  const toasts = useToasts()

  function stands({ id, conversation_id: talk }: Message): boolean {
    return messages.of(talk).some(message => message.id === id)
  }

  return async (draft) => {
    const message = await messages.retry(draft, {})
    if (!message) return
    toasts.tell(t('composer.closesAfter'))
    const held = message.held_until ? Date.parse(message.held_until) - clock.moment().getTime() + GRACE_MS : 0
    setTimeout(() => stands(message) && void conversations.close(message.conversation_id).catch(toasts.explain), Math.max(0, held))
  }
}
