/** The leader's line to the desk: kept up for as long as this tab leads, and what is told about it. */
import type { EventSourceMessage } from 'eventsource-parser'
import type { LineState, Word } from './leader'
import { backoff } from './backoff'
import { listen, Refused } from './connection'

export const TOLD_AFTER_MS = 2_000
export const OFFLINE_AFTER_MS = 20_000
/** A desk that has no more to tell falls silent; then we have caught up. */
const QUIET_MS = 2_000

export interface Line {
  /** Ends when the signal aborts, or the desk no longer knows us. */
  ended: Promise<void>
  /** Do not wait for the next attempt. */
  hurry: () => void
  /** The network changed: what is open may be dead. */
  reconnect: () => void
}

export function keepLine({ position, say, heard, signal }: {
  position: () => number | null
  say: (word: Word) => void
  heard: () => void
  signal: AbortSignal
}): Line {
  const trouble = watchTrouble(state => say({ kind: 'state', state, changes: 0 }))
  const catching = watchCatchingUp((state, changes) => say({ kind: 'state', state, changes }))
  let failures = 0
  let hurry = (): void => {}
  let attempt = new AbortController()

  function told({ event, id, data }: EventSourceMessage): void {
    const thing = JSON.parse(data)
    switch (event) {
      case 'hello': return begin(thing)
      case 'reset':
        say({ kind: 'reset', position: thing.position })
        return catching.reached(thing.position)
      default:
        if (!event || !id) return
        say({ kind: 'event', number: Number(id), after: position() ?? 0, name: event, thing })
        catching.reached(Number(id))
    }
  }

  function begin(hello: { position: number, server_time: string, clock_off_seconds?: number | null }): void {
    failures = 0
    trouble.over()
    catching.begin(position(), hello.position)
    say({ kind: 'hello', position: hello.position, serverTime: hello.server_time, clockOff: hello.clock_off_seconds ?? null })
  }

  /** Returns whether another attempt makes sense. */
  async function tryOnce(): Promise<boolean> {
    attempt = new AbortController()
    try {
      await listen({ after: position(), signal: AbortSignal.any([signal, attempt.signal]), heard, told })
    }
    catch (error) {
      if (!(error instanceof Refused && error.status === 401)) return true
      say({ kind: 'signed_out' })
      return false
    }
    return true
  }

  async function keep(): Promise<void> {
    while (!signal.aborted && await tryOnce() && !signal.aborted) {
      failures += 1
      trouble.begin()
      await new Promise<void>((resolve) => {
        hurry = resolve
        setTimeout(resolve, backoff(failures, Math.random()))
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    }
    trouble.over()
    catching.over()
  }

  function reconnect(): void {
    attempt.abort()
    hurry()
  }

  return { ended: keep(), hurry: () => hurry(), reconnect }
}

/** A short break is nobody's business; a longer one is told; a long one is called offline. */
function watchTrouble(tell: (state: LineState) => void): { begin: () => void, over: () => void } {
  let timers: ReturnType<typeof setTimeout>[] = []
  return {
    begin: () => {
      if (timers.length) return
      timers = [
        setTimeout(tell, navigator.onLine ? TOLD_AFTER_MS : 0, navigator.onLine ? 'reconnecting' : 'offline'),
        setTimeout(tell, OFFLINE_AFTER_MS, 'offline'),
      ]
    },
    over: () => {
      timers.forEach(clearTimeout)
      timers = []
    },
  }
}

interface CatchingUp { begin: (from: number | null, to: number) => void, reached: (number: number) => void, over: () => void }

/** From hello until the newest number of that moment has come. */
function watchCatchingUp(tell: (state: LineState, changes: number) => void): CatchingUp {
  let target = 0
  let quiet: ReturnType<typeof setTimeout> | undefined
  const over = (): void => clearTimeout(quiet)

  function live(): void {
    over()
    target = 0
    tell('live', 0)
  }

  return {
    begin: (from, to) => {
      if (from === null || to <= from) return live()
      target = to
      tell('catching_up', to - from)
      quiet = setTimeout(live, QUIET_MS)
    },
    reached: (number) => {
      if (target === 0) return
      over()
      if (number >= target) return live()
      quiet = setTimeout(live, QUIET_MS)
    },
    over,
  }
}
