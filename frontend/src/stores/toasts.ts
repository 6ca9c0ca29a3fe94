import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { Problem } from '@/api/http'
import { problemText } from '@/i18n'

export interface Toast { id: number, text: string, kind: 'good' | 'bad', action?: { label: string, run: () => void } }

const SHOWN_MS = 5_000

/** Short notes about what was just done. */
export const useToasts = defineStore('toasts', () => {
  const shown = shallowRef<readonly Toast[]>([])
  let last = 0

  function tell(text: string, action?: Toast['action'], kind: Toast['kind'] = 'good'): void {
    const id = ++last
    shown.value = [...shown.value.slice(-2), { id, text, kind, action }]
    setTimeout(drop, SHOWN_MS, id)
  }

  /** What did not work, in the words for its code; a mistake of ours is thrown on. */
  function explain(error: unknown): void {
    if (!(error instanceof Problem)) throw error
    tell(problemText(error.code, error.facts), undefined, 'bad')
  }

  function drop(id: number): void {
    shown.value = shown.value.filter(toast => toast.id !== id)
  }

  return { shown, tell, explain, drop }
})
