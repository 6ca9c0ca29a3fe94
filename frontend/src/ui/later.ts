const FIRST_WAIT_MS = 1_000
const LAST_WAIT_MS = 32_000

const timePassed = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
const networkBack = () => new Promise<unknown>(resolve => addEventListener('online', resolve, { once: true }))

/** Style sheets that did not arrive: whoever imports a part again does not ask for its styles again. */
const unstyled = new Set<HTMLLinkElement>()
document.head.addEventListener('error', ({ target }) => {
  if (!(target instanceof HTMLLinkElement)) return
  if (target.rel === 'stylesheet') unstyled.add(target)
  else target.remove()
}, true)

/**
 * Fetches a part of the page when it is needed. Where that fails it is tried again: after 1 s, 2 s
 * and so on for a minute; without a network, once there is one.
 */
export function later<Part>(load: () => Promise<Part>): () => Promise<Part> {
  return async () => {
    for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
      try {
        if (wait > FIRST_WAIT_MS) await Promise.all([...unstyled].map(styleAgain))
        return await load()
      }
      catch (error) {
        if (wait > LAST_WAIT_MS) throw error
        await (navigator.onLine ? timePassed(wait) : networkBack())
      }
    }
  }
}

function styleAgain(link: HTMLLinkElement): Promise<unknown> {
  unstyled.delete(link)
  const again = link.cloneNode() as HTMLLinkElement
  const loaded = new Promise((resolve, reject) => Object.assign(again, { onload: resolve, onerror: reject }))
  link.replaceWith(again)
  return loaded
}
