/** What may be done with a message; what may not is absent. Pure. */
import type { ShownMessage } from '@/stores/messages'
import { isEvent } from '../blocks'

export type MessageAction = 'copy' | 'quote' | 'forward' | 'quick' | 'again' | 'park' | 'undo' | 'remove' | 'push'

export interface Standing {
  /** Who asks, and whether they run the desk. */
  me: number
  isAdmin: boolean
  /** They may answer in the conversation that is open; they may leave a note there. */
  mayWrite: boolean
  mayNote: boolean
  /** It can still be taken back. */
  isHeld: boolean
}

/** Longer than this no quick reply is. */
const LONGEST_QUICK = 2000

/** Of these the desk itself made the line, or what came is kept elsewhere. */
const WITHOUT_PUSH: ReadonlySet<string> = new Set(['rating', 'rating_comment', 'complaint'])

/** In the order of the menu. */
export function allowed(message: ShownMessage, { me, isAdmin, mayWrite, mayNote, isHeld }: Standing): MessageAction[] {
  const { direction, kind, state } = message
  const happened = isEvent(message)
  const says = message.text.trim() !== ''
  const kept = message.id !== null
  const own = message.author?.id === me && direction === 'out'
  const ownText = own && kind === 'text' && says
  const refused = state === 'failed' || (message.id === null && message.state === 'unsent' && message.question === null)
  const may: Record<MessageAction, boolean> = {
    copy: says || happened,
    quote: kept && !happened && (direction === 'note' ? mayNote : mayWrite),
    forward: kept && !happened && mayNote,
    quick: kind === 'text' && says && message.text.length <= LONGEST_QUICK,
    again: ownText && mayWrite,
    park: ownText && mayWrite && refused,
    undo: own && isHeld,
    remove: !kept && state !== 'sending',
    push: kept && isAdmin && (happened ? !WITHOUT_PUSH.has(kind) : direction === 'in'),
  }
  return (Object.keys(may) as MessageAction[]).filter(action => may[action])
}
