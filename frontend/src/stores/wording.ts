/** What is said and is not with the desk yet. */
import type { Manner, Saying } from '@/api/content'
import type { Problem } from '@/api/http'
import type { Message } from '@/api/types'
import { useClock } from './clock'
import { useSession } from './session'

/** A file of ours as this page has it, while the desk does not. */
export interface OwnFile { readonly preview: string | null, readonly progress: number }

/** Something to say, and how it is shown until the desk has it. */
export interface Wording {
  kind: Saying['kind'] | 'note' | 'help'
  text: string
  content: Message['content']
  file?: OwnFile
  /** What is asked of the desk; a file may have to reach it first. Called again when it is tried again. */
  saying: () => Promise<Saying>
}

/** A message of ours that the desk does not have yet: on its way there, waiting for the network, or it did not get there. */
export interface Draft extends Omit<Message, 'id' | 'state' | 'client_id' | 'kind'>, Wording {
  id: null
  client_id: string
  state: 'sending' | 'waiting' | 'unsent'
  manner: Manner
  /** The desk refused, and whoever wrote it decides what is to become of it. */
  question: Problem | null
  /** A note: it goes to nobody but the desk. */
  post?: (clientId: string) => Promise<Message>
}
export type ShownMessage = Message | Draft

export function draftOf(conversationId: number, wording: Wording, manner: Manner): Draft {
  const now = useClock().moment().toISOString()
  const { id, name } = useSession().agent!
  return {
    id: null,
    version: 0,
    conversation_id: conversationId,
    direction: 'out',
    ...wording,
    state: 'sending',
    reason: null,
    errcode: null,
    client_id: newClientId(),
    author: { id, name },
    manner,
    question: null,
    held_until: null,
    joined_to: null,
    place: null,
    sent_at: now,
    received_at: now,
  }
}

/** The same of what only those at the desk read. */
export function noteDraftOf(conversationId: number, kind: 'note' | 'help', text: string, post: NonNullable<Draft['post']>): Draft {
  const saying = (): Promise<Saying> => Promise.reject(new Error('a note is not sent'))
  return { ...draftOf(conversationId, { kind, text, content: {}, saying }, {}), direction: 'note', post }
}

/** 128 random bits; `randomUUID` is missing where the desk is reached over plain http. */
function newClientId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
}
