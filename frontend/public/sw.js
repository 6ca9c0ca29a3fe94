/**
 * The page opens without a network: its files are kept here as they are loaded. Nothing of the API, of
 * customers or of media is: what a service worker keeps outlives a sign-out.
 */
const KEPT = 'wxdesk-page-1'
const MOST = 1_000

globalThis.addEventListener('install', event => event.waitUntil(caches.open(KEPT).then(kept => kept.add('/')).then(() => globalThis.skipWaiting())))

globalThis.addEventListener('activate', event => event.waitUntil(forgetOthers().then(() => globalThis.clients.claim())))

globalThis.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (pathname.startsWith('/assets/')) event.respondWith(keptFirst(request))
  else if (request.mode === 'navigate' && !/^\/(?:api|wechat|metrics)\b/.test(pathname)) event.respondWith(page(request))
  else if (/^\/[\w-]+\.(?:svg|png|js|json)$/.test(pathname)) event.respondWith(newestFirst(request))
})

/** Names of assets tell their contents: what is kept is right. */
async function keptFirst(request) {
  const kept = await caches.open(KEPT)
  return await kept.match(request) ?? keep(kept, request, await fetch(request))
}

async function newestFirst(request) {
  const kept = await caches.open(KEPT)
  try {
    return await keep(kept, request, await fetch(request))
  }
  catch (unreachable) {
    const found = await kept.match(request)
    if (found) return found
    throw unreachable
  }
}

/** Every address of the desk is one page. */
async function page(request) {
  const kept = await caches.open(KEPT)
  try {
    return await keep(kept, '/', await fetch(request))
  }
  catch (unreachable) {
    const found = await kept.match('/')
    if (found) return found
    throw unreachable
  }
}

async function keep(kept, key, response) {
  if (response.ok && response.type === 'basic' && !response.redirected) {
    await kept.put(key, response.clone())
    const all = await kept.keys()
    for (const old of all.slice(0, Math.max(0, all.length - MOST))) await kept.delete(old)
  }
  return response
}

async function forgetOthers() {
  for (const name of await caches.keys()) {
    if (name !== KEPT) await caches.delete(name)
  }
}

/** What the desk tells beside its page. Under one tag there is one notice; what is settled is taken away. */
globalThis.addEventListener('push', event => event.waitUntil(show(event.data)))

globalThis.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(event.notification.data?.url ?? '/'))
})

async function show(data) {
  let note
  try {
    note = data.json()
  }
  catch { return }
  const silent = note.kind === 'clear'
  if (silent) {
    const shown = await globalThis.registration.getNotifications({ tag: note.tag })
    for (const notice of shown) notice.close()
    if (!note.title || !shown.length) return
  }
  await globalThis.registration.showNotification(note.title, {
    body: note.body,
    tag: note.tag,
    renotify: note.again && !silent,
    silent,
    icon: '/icon-192.png',
    badge: '/icon-192.png',
    timestamp: Date.parse(note.at),
    data: { url: note.url },
  })
}

/** In a window that is open, else in a new one. */
async function open(url) {
  const windows = await globalThis.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const desk = windows.find(({ url: at }) => !at.includes('/wallboard'))
  if (!desk) return globalThis.clients.openWindow(url)
  desk.postMessage({ kind: 'open', url })
  await desk.focus()
}
