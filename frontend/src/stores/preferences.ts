import type { Locale } from '@/i18n'
import { usePreferredDark } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, reactive, watch, watchEffect } from 'vue'
import { locale } from '@/i18n'
import { readKept, whenKeptElsewhere, writeKept } from './kept'

export type Theme = 'system' | 'light' | 'dark'
export const THEMES: readonly Theme[] = ['system', 'light', 'dark']

/** What comes first in the list. */
export type Order = 'urgency' | 'newest' | 'waiting' | 'level'
export const ORDERS: readonly Order[] = ['urgency', 'newest', 'waiting', 'level']

/** Enter, or Ctrl and Enter. */
export type SendKey = 'enter' | 'main'

/** How wide the list of conversations may be, in pixels. */
export const LIST_WIDTH = { least: 260, usual: 320, most: 420 }

export interface Preferences {
  theme: Theme
  locale: Locale
  panel: boolean
  folded: string[]
  order: Order
  /** Rows of two lines. */
  compact: boolean
  listWidth: number
  /** Codes of what was written last, the newest first. */
  emoji: string[]
  sendKey: SendKey
}

/** Also read by public/theme.js, before the first paint. */
const KEY = 'wxdesk:preferences'
const FIRST: Preferences = { theme: 'system', locale: 'zh-CN', panel: true, folded: ['others'], order: 'urgency', compact: false, listWidth: LIST_WIDTH.usual, emoji: [], sendKey: 'enter' }

/** How this agent likes the desk, in this browser. */
export const usePreferences = defineStore('preferences', () => {
  const chosen = reactive<Preferences>({ ...FIRST, ...readKept<Partial<Preferences>>(KEY, {}) })
  const prefersDark = usePreferredDark()
  const dark = computed(() => chosen.theme === 'dark' || (chosen.theme === 'system' && prefersDark.value))

  watch(chosen, () => writeKept(KEY, chosen))
  whenKeptElsewhere(KEY, () => Object.assign(chosen, readKept<Partial<Preferences>>(KEY, {})))

  watchEffect(() => {
    document.documentElement.classList.toggle('dark', dark.value)
    document.documentElement.lang = chosen.locale
    locale.value = chosen.locale
  })

  function fold(group: string): void {
    chosen.folded = chosen.folded.includes(group) ? chosen.folded.filter(other => other !== group) : [...chosen.folded, group]
  }

  return { chosen, dark, fold }
})
