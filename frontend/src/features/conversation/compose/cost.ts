/** What is about to be sent costs so many sends. Pure. */
import type { ShownMessage } from '@/stores/messages'
import { heldFor } from '@/composables/useUndo'
import { bytesOf, LONGEST_BYTES } from '../length'
import { splitText } from './split'

/** What is longer was not typed as one of several lines: as the desk has it. */
const LONGEST_LINE = 600

export interface Cost {
  sends: number
  /** The words leave as the next line of the message before. */
  joins: boolean
}

export function costOf(text: string, files: number, joins: boolean): Cost {
  const words = text === '' || joins ? 0 : splitText(text).length
  return { sends: files + words, joins: joins && text !== '' }
}

/** Whether the desk lets a text leave with what is still held: the newest message, a text of the same agent's. */
export function joinsLast(text: string, thread: readonly ShownMessage[], agentId: number, now: number): boolean {
  const last = thread.findLast(({ direction }) => direction === 'out')
  if (!last || last.kind !== 'text' || last.author?.id !== agentId || !heldFor(last, now)) return false
  if ([...text].length > LONGEST_LINE) return false
  const leader = last.joined_to ?? last.id
  const lines = thread.filter(one => one.id !== null && (one.joined_to ?? one.id) === leader)
  return bytesOf([...lines.map(one => one.text), text].join('\n')) <= LONGEST_BYTES
}
