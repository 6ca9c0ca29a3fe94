import { onScopeDispose } from 'vue'
import { noteScreen } from '@/api/alerts'
import { tellVisible } from '@/composables/tabs'

/** The desk believes that a page is looked at for five minutes. */
const AGAIN_MS = 2 * 60_000
/** Who looks away for a moment has not looked away. */
const SURE_MS = 1_000

/** The desk knows whether this page is looked at: what is pushed, and when, hangs on it. */
export function useLookedAt(): void {
  const page = Array.from(crypto.getRandomValues(new Uint8Array(12)), byte => byte.toString(16).padStart(2, '0')).join('')
  const leaving = new AbortController()
  const { signal } = leaving
  let told: boolean | null = null
  let sure: ReturnType<typeof setTimeout> | undefined

  function tell(visible: boolean): void {
    clearTimeout(sure)
    told = visible
    noteScreen(page, visible).catch(() => { told = null }) // said again when anything changes, or in a while
  }

  function follow(): void {
    clearTimeout(sure)
    if (document.hidden === !told) return
    sure = setTimeout(tell, document.hidden ? SURE_MS : 0, !document.hidden)
  }

  const again = setInterval(() => document.hidden || tell(true), AGAIN_MS)
  document.addEventListener('visibilitychange', follow, { signal })
  window.addEventListener('pagehide', () => tell(false), { signal })
  window.addEventListener('pageshow', follow, { signal })
  tellVisible(signal)
  follow()

  onScopeDispose(() => {
    clearInterval(again)
    clearTimeout(sure)
    leaving.abort()
  })
}
