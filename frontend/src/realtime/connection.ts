/**
 * One connection to the desk's stream: server-sent events read with fetch, because EventSource can neither
 * be told where to resume nor tell why it was refused.
 */
import type { EventSourceMessage } from 'eventsource-parser'
import { createParser } from 'eventsource-parser'

/** The desk says something at least every 15 s; a line silent for so long is dead. */
export const SILENCE_MS = 40_000

export class Refused extends Error {
  constructor(readonly status: number) {
    super(`the stream was refused with ${status}`)
  }
}

export interface Attempt {
  /** The last number seen; the desk replays what came after it. */
  after: number | null
  signal: AbortSignal
  /** Anything was heard, if only a heartbeat. */
  heard: () => void
  told: (event: EventSourceMessage) => void
}

/**
 * Connect and listen until the line breaks.
 *
 * @throws {Refused} the desk answered, but not with a stream.
 * @throws {Error} no answer, a broken line, silence, or aborted.
 */
export async function listen({ after, signal, heard, told }: Attempt): Promise<void> {
  const line = watch(signal)
  try {
    const answer = await fetch('/api/stream', {
      headers: { accept: 'text/event-stream', ...(after !== null && { 'last-event-id': String(after) }) },
      cache: 'no-store',
      signal: line.signal,
    })
    if (!answer.ok || !answer.body) throw new Refused(answer.status)
    const parser = createParser({ onEvent: told })
    const reader = answer.body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader()
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      line.alive()
      heard()
      parser.feed(part.value)
    }
  }
  finally {
    line.stop()
  }
}

/** Aborts when told to, or after too long a silence. */
function watch(outer: AbortSignal): { signal: AbortSignal, alive: () => void, stop: () => void } {
  const silent = new AbortController()
  const end = (): void => silent.abort(new Error('silence'))
  let timer = setTimeout(end, SILENCE_MS)
  return {
    signal: AbortSignal.any([outer, silent.signal]),
    alive: () => {
      clearTimeout(timer)
      timer = setTimeout(end, SILENCE_MS)
    },
    stop: () => clearTimeout(timer),
  }
}
