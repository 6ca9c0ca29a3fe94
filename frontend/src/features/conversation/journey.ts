import type { ShownMessage } from '@/stores/messages'
import { isEvent } from './blocks'
import { DESK_KINDS } from './deskLines'

/** What the desk did itself, and who served elsewhere, is not the customer's way. */
const NOT_THEIRS = new Set([...DESK_KINDS, 'native_session'])

/** What the customer did beside writing, newest last. */
export function journeyOf(messages: readonly ShownMessage[]): ShownMessage[] {
  return messages.filter(message => message.id !== null && isEvent(message) && !NOT_THEIRS.has(message.kind))
}

/** The place of a message in the thread. */
export function placeOf(messageId: number): string {
  return `message-${messageId}`
}

/** Bring a message into view and mark it for a moment. */
export function showInThread(messageId: number): void {
  const place = document.getElementById(placeOf(messageId))
  place?.scrollIntoView({ block: 'center' })
  place?.animate([{ background: 'var(--accent-soft)' }, { background: 'transparent' }], { duration: 1600, easing: 'ease-out' })
}
