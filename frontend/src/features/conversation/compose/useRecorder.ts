import type { ShallowRef } from 'vue'
import type { ThreadKey } from '../words'
import { onScopeDispose, shallowRef } from 'vue'
import { say } from '../words'

const BARS_MS = 100

export interface Recorder {
  state: Readonly<ShallowRef<'starting' | 'recording' | 'failed'>>
  seconds: Readonly<ShallowRef<number>>
  /** How loud it is just now, 0 to 1. */
  level: Readonly<ShallowRef<number>>
  failure: Readonly<ShallowRef<ThreadKey | null>>
  start: () => Promise<void>
  /** What was recorded; null when it was nothing. */
  stop: () => Promise<File | null>
}

/** The microphone, until it is stopped; it stops itself at the limit. */
export function useRecorder(mostSeconds: () => number, atLimit: () => void): Recorder {
  const state = shallowRef<'starting' | 'recording' | 'failed'>('starting')
  const seconds = shallowRef(0)
  const level = shallowRef(0)
  const failure = shallowRef<ThreadKey | null>(null)
  let recorder: MediaRecorder | null = null
  let context: AudioContext | null = null
  let timer = 0
  let gone = false
  const parts: Blob[] = []

  async function start(): Promise<void> {
    state.value = 'starting'
    failure.value = null
    try {
      const stream = await microphone()
      if (gone) return release(stream)
      record(stream)
    }
    catch (error) {
      state.value = 'failed'
      failure.value = reasonOf(error)
    }
  }

  function record(stream: MediaStream): void {
    recorder = new MediaRecorder(stream)
    recorder.ondataavailable = ({ data }) => void parts.push(data)
    recorder.start()
    const loudness = listenTo(stream)
    const begun = performance.now()
    timer = window.setInterval(() => {
      seconds.value = (performance.now() - begun) / 1000
      level.value = loudness()
      if (seconds.value >= mostSeconds()) atLimit()
    }, BARS_MS)
    state.value = 'recording'
  }

  function listenTo(stream: MediaStream): () => number {
    context = new AudioContext()
    const analyser = context.createAnalyser()
    context.createMediaStreamSource(stream).connect(analyser)
    const heard = new Uint8Array(analyser.fftSize)
    return () => {
      analyser.getByteTimeDomainData(heard)
      return Math.min(1, heard.reduce((loudest, at) => Math.max(loudest, Math.abs(at - 128)), 0) / 90)
    }
  }

  async function stop(): Promise<File | null> {
    const stopped = recorder
    if (!stopped || stopped.state === 'inactive') return null
    clearInterval(timer)
    const over = new Promise(resolve => stopped.addEventListener('stop', resolve, { once: true }))
    stopped.stop()
    await over
    close()
    const type = stopped.mimeType.split(';')[0] || 'audio/webm'
    return parts.length ? new File(parts, `${say('record.name')}.${type.split('/')[1]}`, { type }) : null
  }

  /** The light of the microphone goes out. */
  function close(): void {
    gone = true
    clearInterval(timer)
    if (recorder) release(recorder.stream)
    void context?.close()
    context = null
    recorder = null
  }

  onScopeDispose(close)

  return { state, seconds, level, failure, start, stop }
}

async function microphone(): Promise<MediaStream> {
  if (!window.isSecureContext) throw new DOMException('', 'InsecureContext')
  if (!('MediaRecorder' in window) || !navigator.mediaDevices) throw new DOMException('', 'NotSupportedError')
  return navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } })
}

function release(stream: MediaStream): void {
  stream.getTracks().forEach(track => track.stop())
}

const REASONS: Record<string, ThreadKey> = {
  InsecureContext: 'record.insecure',
  NotAllowedError: 'record.denied',
  NotFoundError: 'record.none',
  NotReadableError: 'record.busy',
}

function reasonOf(error: unknown): ThreadKey {
  return REASONS[(error as DOMException).name] ?? 'record.unsupported'
}
