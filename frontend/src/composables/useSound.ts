import type { SoundEvent } from '@/stores/sounds'
import { onScopeDispose } from 'vue'
import { useSounds } from '@/stores/sounds'
import { isTime, makeThrottle } from './soundRules'
import { anyTabVisible, holdAlone } from './tabs'

/** Tones of a sound: pitch in Hz, when it begins and how long it lasts in seconds, how loud it is beside others. */
type Tone = readonly [pitch: number, at: number, lasts: number, loud: number]

/** Synthesised, so that they are nobody's: what asks rises, what is late falls, what only tells is one soft tone. */
const TONES: Record<SoundEvent, readonly Tone[]> = {
  offer: [[659, 0, 0.16, 1], [880, 0.15, 0.28, 1]],
  message: [[784, 0, 0.14, 0.7]],
  warning: [[523, 0, 0.3, 0.4]],
  breach: [[622, 0, 0.18, 1], [466, 0.17, 0.34, 1]],
  window: [[440, 0, 0.4, 0.4]],
  mention: [[988, 0, 0.1, 0.6], [988, 0.14, 0.1, 0.6]],
}
const ATTACK = 0.012
const GESTURES = ['pointerdown', 'keydown', 'touchend'] as const

let context: AudioContext | null = null

/** What is heard at this desk. Of all tabs that may sound, one does. */
export function useSound(): { play: (event: SoundEvent) => void } {
  const sounds = useSounds()
  const passes = makeThrottle()
  const leaving = new AbortController()
  let mine = false

  async function prime(): Promise<void> {
    context ??= new AudioContext()
    await context.resume()
    if (context.state !== 'running' || sounds.primed) return
    sounds.primed = true
    stopListening()
  }

  function stopListening(): void {
    for (const gesture of GESTURES) window.removeEventListener(gesture, prime, true)
  }

  for (const gesture of GESTURES) window.addEventListener(gesture, prime, { capture: true, passive: true })
  if (navigator.userActivation?.hasBeenActive) void prime()

  const stop = holdAlone('wxdesk-sound', () => sounds.primed, (held) => { mine = held }, leaving.signal)
  onScopeDispose(() => {
    stop()
    stopListening()
    leaving.abort()
  })

  return {
    play: (event) => {
      if (mine && sounds.primed && passes(event, Date.now())) void playWhenTime(event)
    },
  }
}

async function playWhenTime(event: SoundEvent): Promise<void> {
  const { chosen } = useSounds()
  if (isTime(chosen.when[event], await anyTabVisible())) sound(event, chosen.volume)
}

/** Sound it now, whatever was chosen: to hear what it is like. */
export async function tryOut(event: SoundEvent, volume: number): Promise<void> {
  context ??= new AudioContext()
  await context.resume()
  sound(event, volume)
}

function sound(event: SoundEvent, volume: number): void {
  if (!context) return
  document.documentElement.dataset.sounded = event
  for (const [pitch, at, lasts, loud] of TONES[event]) {
    const begins = context.currentTime + at
    const tone = context.createOscillator()
    const gain = context.createGain()
    tone.type = 'sine'
    tone.frequency.value = pitch
    gain.gain.setValueAtTime(0, begins)
    gain.gain.linearRampToValueAtTime(volume * loud * 0.5, begins + ATTACK)
    gain.gain.exponentialRampToValueAtTime(0.0001, begins + lasts)
    tone.connect(gain).connect(context.destination)
    tone.start(begins)
    tone.stop(begins + lasts)
  }
}
