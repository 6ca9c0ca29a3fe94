import type { ComputedRef } from 'vue'
import type { MessageAction } from './allowed'
import type { Conversation, Message } from '@/api/types'
import type { ShownMessage } from '@/stores/messages'
import { computed, nextTick } from 'vue'
import { messageLine } from '@/composables/messageLine'
import { useCopy } from '@/composables/useCopy'
import { useNewQuick } from '@/composables/useNewQuick'
import { COMPOSER_ID, focusComposer } from '@/composables/useTake'
import { heldFor, useUndo } from '@/composables/useUndo'
import { useAgents } from '@/stores/agents'
import { useClock } from '@/stores/clock'
import { nameOf, useContacts } from '@/stores/contacts'
import { useConversations } from '@/stores/conversations'
import { useDrafts } from '@/stores/drafts'
import { useMessages } from '@/stores/messages'
import { useSession } from '@/stores/session'
import { isEvent } from '../blocks'
import { happeningOf } from '../events'
import { allowed } from './allowed'
import { forwarded, quoted, quoteOf } from './quote'

export interface MessageActions {
  actions: ComputedRef<MessageAction[]>
  /** Do it; what `push` shows is for the caller to show. */
  act: (action: Exclude<MessageAction, 'push'>) => void
}

/** What may be done with a message of a conversation that is open, or of one before it. */
export function useMessageActions(message: () => ShownMessage, conversation: () => Conversation): MessageActions {
  const agents = useAgents()
  const clock = useClock()
  const contacts = useContacts()
  const conversations = useConversations()
  const copy = useCopy()
  const drafts = useDrafts()
  const messages = useMessages()
  const newQuick = useNewQuick()
  const session = useSession()
  const { undo, putBack } = useUndo()

  const actions = computed(() => allowed(message(), {
    me: session.agent?.id ?? 0,
    isAdmin: session.agent?.role === 'admin',
    mayWrite: conversations.mayWrite(conversation()),
    mayNote: conversation().state !== 'closed' && !conversation().hidden,
    isHeld: heldFor(message(), clock.second) > 0,
  }))

  /** Faces stay as WeChat writes them. */
  const line = () => message().kind === 'text' || message().direction === 'note' ? message().text : messageLine(message())

  /** To colleagues it is not plain who said it. */
  function who(): string {
    const { author, direction } = message()
    return author ? agents.nameOf(author) : direction === 'in' ? nameOf(contacts.newest(conversation().contact)) : ''
  }

  /** A note is never quoted to the customer. */
  async function quote(): Promise<void> {
    const { id } = conversation()
    if (message().direction === 'note') drafts.noting.add(id)
    const mode = drafts.noting.has(id) ? 'note' : 'reply'
    drafts.keep(id, quoted(quoteOf(line(), mode === 'note' ? who() : ''), drafts.of(id, mode)), mode)
    await writeOn()
  }

  /** Whom for is asked by the note itself. */
  async function forward(): Promise<void> {
    const { id } = conversation()
    drafts.noting.add(id)
    drafts.keep(id, forwarded(quoteOf(line(), who()), drafts.of(id, 'note')), 'note')
    await writeOn()
  }

  function again(): void {
    drafts.noting.delete(conversation().id)
    putBack(conversation().id, message().text)
    void writeOn()
  }

  /** It is kept until the customer writes again. What the desk has keeps its reason. */
  function park(): void {
    const said = message()
    if (said.id === null) void messages.retry(said, { park: true })
    else void messages.reply(conversation().id, said.text, { park: true })
  }

  const acts: Record<Exclude<MessageAction, 'push'>, () => unknown> = {
    copy: () => copy(isEvent(message()) ? happeningOf(message()).line : message().text),
    quote,
    forward,
    quick: () => { newQuick.value = message().text.trim() },
    again,
    park,
    undo: () => undo(message() as Message),
    remove: () => {
      const said = message()
      if (said.id === null) messages.drop(said)
    },
  }

  return { actions, act: action => void acts[action]() }
}

/** In the box, behind what stands there now. */
export async function writeOn(): Promise<void> {
  await nextTick()
  focusComposer()
  await nextTick()
  const box = document.getElementById(COMPOSER_ID) as HTMLTextAreaElement | null
  box?.setSelectionRange(box.value.length, box.value.length)
  box?.dispatchEvent(new Event('input', { bubbles: true }))
}
