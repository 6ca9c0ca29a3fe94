import { useConnection } from '@/stores/connection'
import { useOutbox } from '@/stores/outbox'
import { useSession } from '@/stores/session'
import { useToasts } from '@/stores/toasts'
import { useUndo } from './useUndo'

/** Sign out: what still waits for the network goes back to where it was written, and nothing of customers stays on this device. */
export function useSignOut(): () => Promise<void> {
  const connection = useConnection()
  const outbox = useOutbox()
  const session = useSession()
  const toasts = useToasts()
  const { putBack } = useUndo()

  return async () => {
    if (connection.state !== 'offline') {
      for (const { client_id, conversation_id, text } of outbox.waiting.values()) {
        putBack(conversation_id, text)
        outbox.drop(client_id)
      }
    }
    await session.signOut().catch(toasts.explain)
  }
}
