/** What was written without a network leaves, by the tab that leads: of each conversation in order, one after the other. */
import { watch } from 'vue'
import { useConnection } from '@/stores/connection'
import { useMessages } from '@/stores/messages'
import { useOutbox } from '@/stores/outbox'
import { backoff } from './backoff'

/** Send whatever waits whenever there is a network, until the signal aborts. */
export function sendWaiting(signal: AbortSignal): void {
  const connection = useConnection()
  const messages = useMessages()
  const outbox = useOutbox()
  let failures = 0
  let going = false
  let again = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const reachable = () => !signal.aborted && (connection.state === 'live' || connection.state === 'catching_up')

  async function go(): Promise<void> {
    clearTimeout(timer)
    again = going
    if (going || !reachable()) return
    going = true
    failures = await sendAll() ? 0 : failures + 1
    going = false
    if (again) void go()
    else if (failures) timer = setTimeout(() => void go(), backoff(failures, Math.random()))
  }

  /** Returns whether the desk could be reached for all of it. */
  async function sendAll(): Promise<boolean> {
    const conversations = new Set([...outbox.waiting.values()].map(one => one.conversation_id))
    for (const id of conversations) {
      for (const one of outbox.of(id)) {
        if (one.refused || outbox.isOld(one)) break
        if (!outbox.waiting.has(one.client_id)) continue // taken back meanwhile
        if (!reachable()) return true
        if (!await messages.sendWaiting(one.client_id)) return false
        if (outbox.waiting.get(one.client_id)?.refused) break
      }
    }
    return true
  }

  const unwatch = watch(() => [connection.state, ...outbox.waiting.values()], () => void go(), { immediate: true })
  signal.addEventListener('abort', () => {
    unwatch()
    clearTimeout(timer)
  }, { once: true })
}
