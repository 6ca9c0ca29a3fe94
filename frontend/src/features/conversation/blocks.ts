/** A thread as it is drawn: days, lines of the system, and bubbles grouped by author and minute. */
import type { ShownMessage } from '@/stores/messages'
import { marksOf } from '@/api/content'
import { momentOf } from '@/stores/shown'
import { DESK_KINDS } from './deskLines'

export type Block
  = | { kind: 'day', key: string, at: string }
    | { kind: 'chapter', key: string, id: number, at: string, previous: boolean }
    | { kind: 'event', key: string, message: ShownMessage }
    | { kind: 'bubbles', key: string, own: boolean, messages: ShownMessage[] }

export interface Chapter { id: number, openedAt: string, messages: readonly ShownMessage[] }

const TOGETHER_MS = 60_000

/** Chapters are the contact's conversations, oldest first; the last one is the current. */
export function blocksOf(chapters: readonly Chapter[]): Block[] {
  const blocks: Block[] = []
  let day = ''
  for (const chapter of chapters) {
    if (chapters.length > 1) {
      blocks.push({ kind: 'chapter', key: `chapter${chapter.id}`, id: chapter.id, at: chapter.openedAt, previous: chapter !== chapters.at(-1) })
      day = dayOf(chapter.openedAt)
    }
    for (const message of chapter.messages) {
      const at = momentOf(message)
      if (dayOf(at) !== day) blocks.push({ kind: 'day', key: `day${chapter.id} ${dayOf(at)}`, at })
      day = dayOf(at)
      place(message, blocks)
    }
  }
  return blocks
}

function dayOf(moment: string): string {
  return new Date(moment).toDateString()
}

function place(message: ShownMessage, blocks: Block[]): void {
  if (isEvent(message)) {
    return void blocks.push({ kind: 'event', key: keyOf(message), message })
  }
  const last = blocks.at(-1)
  if (last?.kind === 'bubbles' && belong(last.messages.at(-1)!, message)) {
    last.messages.push(message)
  }
  else {
    blocks.push({
      kind: 'bubbles',
      key: keyOf(message),
      own: message.direction !== 'in',
      messages: [message],
    })
  }
}

function belong(one: ShownMessage, next: ShownMessage): boolean {
  return one.direction === next.direction
    && one.author?.id === next.author?.id
    && voiceOf(one) === voiceOf(next)
    && one.conversation_id === next.conversation_id
    && Date.parse(momentOf(next)) - Date.parse(momentOf(one)) <= TOGETHER_MS
}

/** Which of the desk's own voices says it, or whether its author had joined. */
function voiceOf(message: ShownMessage): string {
  if (message.direction === 'note') return message.kind
  const { rule, keeper, rating, joined } = marksOf(message)
  return rule ? `rule ${rule.id}` : keeper ? 'keeper' : rating ? 'rating' : joined ? 'joined' : ''
}

export function isEvent({ direction, kind }: ShownMessage): boolean {
  return direction === 'system' || ['subscribe', 'unsubscribe', 'taken', 'closed'].includes(kind)
}

/** What happened with a customer, as a line of which something can be done; a complaint is a card. */
export function isHappening(message: ShownMessage): boolean {
  return isEvent(message) && !DESK_KINDS.has(message.kind) && message.kind !== 'complaint'
}

/** Stays the same when the desk's copy takes the place of ours. */
export function keyOf(message: ShownMessage): string {
  return message.client_id ?? `m${message.id}`
}
