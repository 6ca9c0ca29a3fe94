import type { Keeping } from './keeping'
import type { Screen } from './stream'
import type { Import } from '@/api/admin'
import type { KeptDraft } from '@/api/drafts'
import type { Bell, Notice } from '@/api/notices'
import type { Seat } from '@/api/seats'
import type { Sheet } from '@/api/sheets'
import type { Agent, Contact, Conversation, Message } from '@/api/types'
import type { UnreadMark } from '@/api/unreadMarks'
import type { Viewing } from '@/api/viewing'
import { useAgents } from '@/stores/agents'
import { useClock } from '@/stores/clock'
import { useConnection } from '@/stores/connection'
import { useContacts } from '@/stores/contacts'
import { useConversations } from '@/stores/conversations'
import { useDrafts } from '@/stores/drafts'
import { useImports } from '@/stores/imports'
import { useMessages } from '@/stores/messages'
import { useNotices } from '@/stores/notices'
import { useSeats } from '@/stores/seats'
import { useSession } from '@/stores/session'
import { useSheets } from '@/stores/sheets'
import { useUnreadMarks } from '@/stores/unreadMarks'
import { useViewing } from '@/stores/viewing'
import { keepConversations } from './keeping'
import { sendWaiting } from './sending'

/** How long rows that changed while we were away stay marked. */
const MARK_MS = 1_500

/** Gives each thing to its store. */
export function screen(): Screen {
  const agents = useAgents()
  const contacts = useContacts()
  const conversations = useConversations()
  const imports = useImports()
  const messages = useMessages()
  const drafts = useDrafts()
  const notices = useNotices()
  const connection = useConnection()
  const seats = useSeats()
  const sheets = useSheets()
  const unreadMarks = useUnreadMarks()
  const viewing = useViewing()

  const session = useSession()
  let keeping: Keeping | null = null

  return {
    load: async () => {
      await Promise.all([agents.load(), seats.load(), conversations.load(messages.opened), messages.load(), drafts.load(), notices.load(), unreadMarks.load(), viewing.load()])
      keeping?.loaded()
    },
    apply: (name, thing) => {
      keeping?.changed(name, thing)
      switch (name) {
        case 'conversation': {
          conversations.put(thing as Conversation)
          if (connection.state === 'catching_up') connection.mark((thing as Conversation).id)
          return
        }
        case 'message': return messages.follow(thing as Message)
        case 'contact': return contacts.put(thing as Contact)
        case 'seat': return seats.put(thing as Seat)
        case 'agent':
          agents.put(thing as Agent)
          return session.follow(thing as Agent)
        case 'draft': return drafts.take(thing as KeptDraft)
        case 'notice': return notices.follow(thing as Notice)
        case 'bell': return notices.ring(thing as Bell)
        case 'unread_mark': return unreadMarks.put(thing as UnreadMark)
        case 'viewing': return viewing.put(thing as Viewing)
        case 'import': return imports.put(thing as Import)
        case 'sheet': return sheets.put(thing as Sheet)
      }
    },
    state: (state, changes) => {
      connection.set(state, changes)
      if (state === 'live') setTimeout(connection.unmark, MARK_MS)
    },
    heard: connection.hear,
    serverTime: useClock().set,
    clockOff: (seconds) => { useClock().offSeconds = seconds },
    signedOut: () => void session.ask(),
    lead: (signal) => {
      sendWaiting(signal)
      if (!session.offlineCopies) return
      keeping = keepConversations(session.agent!.id, signal)
      signal.addEventListener('abort', () => { keeping = null }, { once: true })
      if (conversations.loaded) keeping.loaded()
    },
  }
}
