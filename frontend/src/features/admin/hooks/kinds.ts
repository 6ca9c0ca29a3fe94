import type { Happening } from '@/api/hooks'

/** What an endpoint may be told, in the order of a conversation. */
export const KINDS: readonly Happening[] = ['conversation.opened', 'message.received', 'conversation.assigned', 'conversation.transferred', 'conversation.queued', 'message.sent', 'message.failed', 'message.uncertain', 'conversation.closed', 'conversation.summarized', 'rating.given', 'rating.changed']
