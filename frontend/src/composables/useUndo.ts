import type { Media } from '@/api/content'
import type { Message } from '@/api/types'
import type { ShownMessage } from '@/stores/messages'
import type { SentKind } from '@/stores/uploads'
import { contentOf } from '@/api/content'
import { t } from '@/i18n'
import { useClock } from '@/stores/clock'
import { useDrafts } from '@/stores/drafts'
import { useMessages } from '@/stores/messages'
import { useSession } from '@/stores/session'
import { useToasts } from '@/stores/toasts'
import { useUploads } from '@/stores/uploads'
import { focusComposer } from './useTake'

/** So long a message can still be taken back, in milliseconds; 0: no longer. */
export function heldFor(message: ShownMessage, now: number): number {
  if (message.state !== 'queued' || message.held_until === null) return 0
  return Math.max(0, Date.parse(message.held_until) - now)
}

export interface Undo {
  undo: (message: Message) => Promise<void>
  /** The newest of one's own in a conversation; returns whether there was any. */
  undoLast: (conversationId: number) => boolean
  /** Into the reply box, above what stands there. */
  putBack: (conversationId: number, text: string) => void
}

/** Take back what has not left, and go on writing it. */
export function useUndo(): Undo {
  const clock = useClock()
  const drafts = useDrafts()
  const messages = useMessages()
  const session = useSession()
  const toasts = useToasts()
  const uploads = useUploads()

  function putBack(conversationId: number, text: string): void {
    drafts.keep(conversationId, [text, drafts.of(conversationId)].filter(Boolean).join('\n'))
  }

  function giveBack(message: Message): void {
    const { media, thumb, title, description } = contentOf<'video'>(message)
    if (message.kind === 'text') putBack(message.conversation_id, message.text)
    else if (media?.id && isFile(message.kind)) uploads.giveBack(message.conversation_id, message.kind, media as Media, { title, description, cover: thumb ?? null })
    else toasts.tell(t('message.undone'))
  }

  async function undo(message: Message): Promise<void> {
    try {
      await messages.withdraw(message)
      giveBack(message)
      focusComposer()
    }
    catch (error) {
      toasts.explain(error)
    }
  }

  function undoLast(conversationId: number): boolean {
    const now = clock.moment().getTime()
    const last = messages.of(conversationId).findLast(message => heldFor(message, now) > 0 && message.author?.id === session.agent?.id)
    if (last) void undo(last as Message)
    return last !== undefined
  }

  return { undo, undoLast, putBack }
}

function isFile(kind: string): kind is SentKind {
  return kind === 'image' || kind === 'voice' || kind === 'video'
}
