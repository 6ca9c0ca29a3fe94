/** What the tabs of one browser know of each other, by locks: they end with whoever held them. */
import { watch } from 'vue'

const VISIBLE = 'wxdesk-visible'

function locks(): LockManager | undefined {
  return navigator.locks as LockManager | undefined
}

/** Tell the other tabs for as long as this one is looked at. */
export function tellVisible(signal: AbortSignal): void {
  let over = (): void => {}
  function follow(): void {
    over()
    if (document.hidden || signal.aborted) return
    const looked = new Promise<void>((resolve) => { over = resolve })
    void locks()?.request(VISIBLE, { mode: 'shared' }, () => looked)
  }
  document.addEventListener('visibilitychange', follow, { signal })
  signal.addEventListener('abort', () => over())
  follow()
}

/** Whether any tab of the desk is looked at. */
export async function anyTabVisible(): Promise<boolean> {
  if (!document.hidden) return true
  const { held } = await locks()?.query() ?? {}
  return held?.some(({ name }) => name === VISIBLE) ?? false
}

/** Of all tabs that want it, one has it at a time. Without locks each has it. Returns how to stop. */
export function holdAlone(name: string, wants: () => boolean, told: (held: boolean) => void, signal: AbortSignal): () => void {
  let asked = false
  return watch(wants, (wanted) => {
    if (!wanted || asked) return
    asked = true
    if (!locks()) return told(true)
    locks()!.request(name, { signal }, () => {
      told(true)
      return new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()))
    }).catch(() => {}) // leaving
  }, { immediate: true })
}
