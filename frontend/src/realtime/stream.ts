/**
 * Live updates: connect, be told a position, read the state, apply what comes after; resume from the last number.
 *
 * Things carry versions and stores keep the newer copy, so a state read while events arrive needs no queue:
 * whichever comes later, the newer one stays. State + events = state read afresh.
 */
import type { LineState, Word } from './leader'
import type { Line } from './line'
import { backoff } from './backoff'
import { SILENCE_MS } from './connection'
import { joinTabs } from './leader'
import { keepLine } from './line'

/** What this tab does with what it hears. */
export interface Screen {
  /** Read the state, for the first time or because changes were missed; scroll, selection and drafts stay. */
  load: () => Promise<void>
  apply: (name: string, thing: unknown) => void
  state: (state: LineState, changes: number) => void
  /** The desk gave a sign of life, to this tab or the one that leads. */
  heard: () => void
  serverTime: (moment: string) => void
  /** The desk's clock is wrong by so many seconds; null: it is right. */
  clockOff: (seconds: number | null) => void
  signedOut: () => void
  /** This tab speaks for all of this browser's until the signal aborts. */
  lead: (signal: AbortSignal) => void
}

const ALIVE_EVERY_MS = 10_000
const ANSWER_WITHIN_MS = 5_000

/** Follow the desk until the returned function is called. */
export function followDesk(agentId: number, screen: Screen): () => void {
  const stopped = new AbortController()
  const tabs = joinTabs(`wxdesk-live-${agentId}`, hear)
  let position: number | null = null
  /** The line to the desk, while this tab leads. */
  let line: Line | null = null
  let shown: { state: LineState, changes: number } = { state: 'connecting', changes: 0 }
  let clockOff: number | null = null
  let lastHeard = Date.now()

  /** Another tab says something. */
  function hear(word: Word): void {
    if (word.kind === 'where') {
      return line ? answer() : undefined
    }
    lastHeard = Date.now()
    if (word.kind === 'heard') return screen.heard()
    take(word)
  }

  function answer(): void {
    tabs.tell(position === null ? { kind: 'alive' } : { kind: 'here', position, ...shown, clockOff })
  }

  /** As the leader: all tabs shall know. */
  function say(word: Word): void {
    tabs.tell(word)
    take(word)
  }

  function take(word: Word): void {
    switch (word.kind) {
      case 'hello':
        screen.serverTime(word.serverTime)
        noteClock(word.clockOff)
        return position === null || word.position < position ? begin(word.position) : undefined
      case 'here':
        show(word.state, word.changes)
        noteClock(word.clockOff)
        return position === null || word.position > position ? begin(word.position) : undefined
      case 'reset': return begin(word.position)
      case 'event': return takeEvent(word)
      case 'state': return show(word.state, word.changes)
      case 'signed_out': return screen.signedOut()
    }
  }

  function takeEvent({ number, after, name, thing }: Word & { kind: 'event' }): void {
    if (position === null || number <= position) return
    if (after > position) begin(number)
    position = number
    screen.apply(name, thing)
  }

  /** From here on events are complete; what was before is read. */
  function begin(at: number): void {
    position = at
    void untilDone(screen.load, stopped.signal)
  }

  function show(state: LineState, changes = 0): void {
    shown = { state, changes }
    screen.state(state, changes)
  }

  function noteClock(seconds: number | null): void {
    clockOff = seconds
    screen.clockOff(seconds)
  }

  async function lead(signal: AbortSignal): Promise<void> {
    const alive = (): void => tabs.tell({ kind: 'alive' })
    const heard = (): void => {
      screen.heard()
      tabs.tell({ kind: 'heard' })
    }
    const timer = setInterval(alive, ALIVE_EVERY_MS)
    screen.lead(signal)
    line = keepLine({ position: () => position, say, heard, signal })
    await line.ended
    line = null
    clearInterval(timer)
  }

  /** The page is seen again, or the network is back: do not wait for a timer that may have slept. */
  function wake(): void {
    if (document.hidden) return
    if (line) return line.hurry()
    const asked = Date.now()
    tabs.tell({ kind: 'where' })
    setTimeout(() => !line && !stopped.signal.aborted && lastHeard < asked && tabs.depose(), ANSWER_WITHIN_MS)
  }

  function lookAfterLeader(): void {
    if (!line && !document.hidden && Date.now() - lastHeard > SILENCE_MS) wake()
  }

  const looking = setInterval(lookAfterLeader, ALIVE_EVERY_MS)
  const { signal } = stopped
  document.addEventListener('visibilitychange', wake, { signal })
  window.addEventListener('pageshow', wake, { signal })
  window.addEventListener('online', () => line ? line.reconnect() : wake(), { signal })
  window.addEventListener('offline', () => show('offline'), { signal })
  tabs.takeTurns(lead)
  tabs.tell({ kind: 'where' })

  return () => {
    clearInterval(looking)
    stopped.abort()
    tabs.leave()
  }
}

async function untilDone(read: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let failures = 1; !signal.aborted; failures++) {
    try {
      return await read()
    }
    catch {
      await new Promise(resolve => setTimeout(resolve, backoff(failures, Math.random())))
    }
  }
}
