/** Copies of this agent's newest conversations, kept on the device by the tab that leads, to be read without a network (ADR 32). */
import type { Contact, Conversation, Message } from '@/api/types'
import type { Copy } from '@/stores/device'
import { listMessages } from '@/api/conversations'
import { useConnection } from '@/stores/connection'
import { useContacts } from '@/stores/contacts'
import { useConversations } from '@/stores/conversations'
import { keepCopies, keptCopies } from '@/stores/device'
import { useMessages } from '@/stores/messages'
import { useSession } from '@/stores/session'

export const MOST_COPIES = 50
export const MOST_MESSAGES = 30
const SETTLE_MS = 1_000
/** Nobody waits for copies: one is read after another. */
const PAUSE_MS = 300

export interface Keeping {
  /** The state was read: what is here may be old. */
  loaded: () => void
  changed: (name: string, thing: unknown) => void
}

/** Until the signal aborts. */
export function keepConversations(agentId: number, signal: AbortSignal): Keeping {
  const connection = useConnection()
  const contacts = useContacts()
  const conversations = useConversations()
  const messages = useMessages()
  const copies = new Map<number, Copy>()
  const dirty = new Set<number>()
  const doubtful = new Set<number>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let reading = false
  const begun = keptCopies().then(kept => kept.forEach(copy => copies.set(copy.id, copy)))

  const wanted = () => newest([...conversations.byId.values()].filter(one => isOwn(one, agentId) || messages.held.get(one.id)?.state === 'ready'))

  function loaded(): void {
    void begun.then(() => {
      for (const one of wanted()) {
        if (copies.get(one.id)?.conversation.version !== one.version) doubtful.add(one.id)
      }
      void read()
    })
  }

  function changed(name: string, thing: unknown): void {
    if (name === 'message') takeMessage(thing as Message)
    else if (name === 'conversation') takeConversation(thing as Conversation)
    else if (name === 'contact') takeContact(thing as Contact)
  }

  function takeMessage(message: Message): void {
    const copy = copies.get(message.conversation_id)
    if (copy) put({ ...copy, messages: merged(copy.messages, [message]) })
  }

  function takeConversation(conversation: Conversation): void {
    const copy = copies.get(conversation.id)
    if (copy) put({ ...copy, conversation })
    else if (isOwn(conversation, agentId) && doubtful.add(conversation.id)) void read()
  }

  function takeContact(contact: Contact): void {
    for (const copy of copies.values()) {
      if (copy.conversation.contact.id === contact.id) put(copy)
    }
  }

  /** What is open is here already; the rest is asked for, one after the other. */
  async function read(): Promise<void> {
    if (reading) return
    reading = true
    for (const id of doubtful) {
      doubtful.delete(id)
      const conversation = conversations.byId.get(id)
      if (signal.aborted || connection.state === 'offline') break
      if (!conversation || conversation.hidden) continue
      const page = await listMessages(id).catch(() => null)
      if (page) put({ id, conversation, messages: page.items.slice(-MOST_MESSAGES), older: page.next })
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
    }
    reading = false
  }

  function put(copy: Copy): void {
    copies.set(copy.id, copy)
    dirty.add(copy.id)
    timer ??= setTimeout(write, SETTLE_MS)
  }

  function write(): void {
    timer = undefined
    const kept = new Set(newest([...copies.values()].map(({ conversation }) => conversation)).map(({ id }) => id))
    const gone = [...copies.keys()].filter(id => !kept.has(id))
    for (const id of gone) copies.delete(id)
    const changes = [...dirty].flatMap(id => copies.get(id) ?? []).map(copy => ({ ...copy, conversation: { ...copy.conversation, contact: contacts.newest(copy.conversation.contact) } }))
    dirty.clear()
    void keepCopies(agentId, changes, gone)
  }

  signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  return { loaded, changed }
}

/** Show what is kept, where the desk could not be asked. */
export async function showCopies(): Promise<void> {
  const conversations = useConversations()
  const messages = useMessages()
  const kept = await keptCopies()
  if (conversations.loaded || !useSession().fromDevice) return
  for (const { id, conversation, messages: newest, older } of kept) {
    conversations.put(conversation)
    messages.show(id, newest, older)
  }
}

/** Who owns it, or did until it ended; what may not be told is not kept. */
function isOwn({ assignee, hidden }: Conversation, agentId: number): boolean {
  return !hidden && assignee?.id === agentId
}

export function newest(conversations: readonly Conversation[]): Conversation[] {
  const at = ({ last_message, opened_at }: Conversation) => Date.parse(last_message?.sent_at ?? opened_at)
  return conversations.toSorted((one, other) => at(other) - at(one)).slice(0, MOST_COPIES)
}

/** The newest copy of each, and the newest of all. */
export function merged(known: readonly Message[], coming: readonly Message[]): Message[] {
  const byId = new Map(known.map(message => [message.id, message]))
  for (const message of coming) {
    if ((byId.get(message.id)?.version ?? 0) <= message.version) byId.set(message.id, message)
  }
  return [...byId.values()].sort((one, other) => one.id - other.id).slice(-MOST_MESSAGES)
}
