import type { Ref, ShallowRef } from 'vue'
import { onScopeDispose, shallowRef, watch } from 'vue'
import { readKept, writeKept } from '@/stores/kept'

export const SPEEDS = [1, 1.5, 2] as const
const SPEED_KEY = 'wxdesk:voice-speed'
const HEARD_KEY = 'wxdesk:heard'
/** Older voices count as heard by being old. */
const MOST_HEARD = 500

/** How fast this agent listens; for all voices, and next time. */
const speed = shallowRef(readKept<number>(SPEED_KEY, 1))
const heard = shallowRef(new Set(readKept<number[]>(HEARD_KEY, [])))

/** Only one speaks at a time. */
let speaking: HTMLAudioElement | null = null

export interface Voice {
  playing: Readonly<ShallowRef<boolean>>
  /** Seconds from the beginning. */
  at: ShallowRef<number>
  failed: Readonly<ShallowRef<boolean>>
  speed: Readonly<Ref<number>>
  toggle: () => void
  seek: (to: number) => void
}

/** A recording that is fetched when it is first played. */
export function useVoice(source: () => string | null): Voice {
  const playing = shallowRef(false)
  const at = shallowRef(0)
  const failed = shallowRef(false)
  let audio: HTMLAudioElement | null = null

  function opened(): HTMLAudioElement {
    if (audio) return audio
    const made = new Audio(source()!)
    made.onplay = () => { playing.value = true }
    made.onpause = () => { playing.value = false }
    made.ontimeupdate = () => { at.value = made.currentTime }
    made.onended = () => { at.value = 0 }
    made.onerror = () => { failed.value = true }
    return audio = made
  }

  function toggle(): void {
    if (!source()) return
    const own = opened()
    if (!own.paused) return own.pause()
    if (speaking !== own) speaking?.pause()
    speaking = own
    own.playbackRate = speed.value
    failed.value = false
    void own.play().catch(() => { failed.value = own.error !== null })
  }

  function seek(to: number): void {
    opened().currentTime = at.value = to
  }

  function close(): void {
    audio?.pause()
    audio = null
    at.value = 0
  }

  watch(speed, (chosen) => { if (audio) audio.playbackRate = chosen })
  watch(source, close)
  onScopeDispose(close)

  return { playing, at, failed, speed, toggle, seek }
}

export function faster(): void {
  speed.value = SPEEDS[(SPEEDS.indexOf(speed.value as 1) + 1) % SPEEDS.length]!
  writeKept(SPEED_KEY, speed.value)
}

export function isHeard(messageId: number): boolean {
  return heard.value.has(messageId)
}

export function hear(messageId: number): void {
  if (heard.value.has(messageId)) return
  heard.value = new Set([...heard.value, messageId].slice(-MOST_HEARD))
  writeKept(HEARD_KEY, [...heard.value])
}
