import { defineStore } from 'pinia'
import { computed, reactive, shallowRef, watch } from 'vue'
import { readKept, whenKeptElsewhere, writeKept } from './kept'

/** What is heard. */
export const EVENTS = ['offer', 'message', 'warning', 'breach', 'window', 'mention'] as const
export type SoundEvent = typeof EVENTS[number]

/** While the desk is looked at, while it is not, whenever, or not at all. */
export const TIMES = ['always', 'visible', 'hidden', 'never'] as const
export type SoundTime = typeof TIMES[number]

export interface SoundChoice { volume: number, desktop: boolean, when: Record<SoundEvent, SoundTime> }

const KEY = 'wxdesk:sounds'
const FIRST: SoundChoice = {
  volume: 0.6,
  desktop: true,
  when: { offer: 'always', message: 'always', warning: 'always', breach: 'always', window: 'always', mention: 'always' },
}

/** What this browser sounds and shows beside the page, and whether it may sound by now. */
export const useSounds = defineStore('sounds', () => {
  const kept = (): Partial<SoundChoice> => readKept<Partial<SoundChoice>>(KEY, {})
  const chosen = reactive<SoundChoice>({ ...FIRST, ...kept(), when: { ...FIRST.when, ...kept().when } })
  /** Browsers sound nothing before somebody has touched the page. */
  const primed = shallowRef(false)
  const wanted = computed(() => chosen.volume > 0 && EVENTS.some(event => chosen.when[event] !== 'never'))

  watch(chosen, () => writeKept(KEY, chosen))
  whenKeptElsewhere(KEY, () => Object.assign(chosen, kept()))

  return { chosen, primed, wanted }
})
