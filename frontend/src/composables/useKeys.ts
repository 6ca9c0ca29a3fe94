import type { ShortcutKey } from './shortcuts'
import { useSession } from '@/stores/session'
import { keysFor, printed } from './shortcuts'

/** The keys of an action as this agent has them, as they are printed; '' where it has none. */
export function useKeys(): (key: ShortcutKey) => string {
  const session = useSession()
  return key => printed(keysFor(key, session.hotkeys))
}
