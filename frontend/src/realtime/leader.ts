/**
 * Of all tabs of one browser and agent, one holds the line to the desk and tells the others:
 * a browser opens only six connections to one host.
 */

/** What tabs tell each other, in the order in which the leader heard it. */
export type Word
  = | { kind: 'hello', position: number, serverTime: string, clockOff: number | null }
  /** `after` is the number before it: who has not seen that one missed something. */
    | { kind: 'event', number: number, after: number, name: string, thing: unknown }
    | { kind: 'reset', position: number }
    | { kind: 'state', state: LineState, changes: number }
  /** The leader is there; the desk was heard, if only its heartbeat. */
    | { kind: 'alive' }
    | { kind: 'heard' }
    | { kind: 'signed_out' }
  /** A tab that is new, or was asleep, asks where the leader is. */
    | { kind: 'where' }
    | { kind: 'here', position: number, state: LineState, changes: number, clockOff: number | null }

export type LineState = 'connecting' | 'live' | 'reconnecting' | 'catching_up' | 'offline'

export interface Tabs {
  tell: (word: Word) => void
  /** Lead whenever it is this tab's turn; `lead` must end when its signal aborts. */
  takeTurns: (lead: (signal: AbortSignal) => Promise<void>) => void
  /** The leader does not answer: take its place. */
  depose: () => void
  leave: () => void
}

/** Without locks or channels (an old browser, plain http) every tab leads for itself alone. */
export function joinTabs(name: string, hear: (word: Word) => void): Tabs {
  const leaving = new AbortController()
  const locks = globalThis.navigator.locks as LockManager | undefined
  if (!locks || typeof BroadcastChannel === 'undefined') {
    return {
      tell: () => {},
      takeTurns: lead => void lead(leaving.signal),
      depose: () => {},
      leave: () => leaving.abort(),
    }
  }
  const channel = new BroadcastChannel(name)
  channel.onmessage = ({ data }: MessageEvent<Word>) => hear(data)
  let turn: (signal: AbortSignal) => Promise<void> = async () => {}

  /** Hold the lock and lead until it is taken away; true if `lead` ended by itself. */
  async function hold(options: LockOptions): Promise<boolean> {
    const mine = new AbortController()
    try {
      await locks!.request(name, options, () => turn(AbortSignal.any([mine.signal, leaving.signal])))
      return true
    }
    catch {
      mine.abort() // deposed, or leaving
      return false
    }
  }

  async function queue(): Promise<void> {
    while (!leaving.signal.aborted && !await hold({ signal: leaving.signal }));
  }

  return {
    tell: word => channel.postMessage(word),
    takeTurns: (lead) => {
      turn = lead
      void queue()
    },
    depose: () => void hold({ steal: true }),
    leave: () => {
      leaving.abort()
      channel.close()
    },
  }
}
