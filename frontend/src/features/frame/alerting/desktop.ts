/** Notices of the system while a page of the desk is open somewhere. */

export interface Shown { title: string, body: string, tag: string, url: string }

/** Shown by the service worker where there is one: a click then finds the window, whichever it is. */
export async function showNotice({ title, body, tag, url }: Shown, opened: () => void): Promise<void> {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return
  const worker = await navigator.serviceWorker?.getRegistration()
  const options = { body, tag, icon: '/icon-192.png', data: { url }, silent: true } // the page itself sounds
  if (worker?.active) return worker.showNotification(title, options)
  const notice = new Notification(title, options)
  notice.onclick = () => {
    window.focus()
    notice.close()
    opened()
  }
}

/** What was read here need not stand there any more, whoever has put it there. */
export async function closeNotices(tag: string): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration()
  const shown = await worker?.getNotifications({ tag }) ?? []
  for (const notice of shown) notice.close()
}

/** Whether the desk pushes to this browser: then it tells by itself what nobody looks at. */
export async function isPushedTo(): Promise<boolean> {
  const worker = await navigator.serviceWorker?.getRegistration()
  return Boolean(await worker?.pushManager?.getSubscription())
}
