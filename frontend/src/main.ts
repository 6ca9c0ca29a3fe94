import { createPinia } from 'pinia'
import { createApp } from 'vue'
import './styles/tokens.css'
import './styles/base.css'
import 'element-plus/theme-chalk/base.css'
import './styles/element.css'

void open()
if (import.meta.env.PROD) void keepShell().catch(() => {}) // the page works without

/** Once the page stands: have the files here that agents may need without a network. The service worker keeps what passes through it. */
async function keepShell(): Promise<void> {
  if (!navigator.serviceWorker) return
  await navigator.serviceWorker.register('/sw.js')
  if (!navigator.serviceWorker.controller) await new Promise(taken => navigator.serviceWorker.addEventListener('controllerchange', taken, { once: true }))
  if (location.pathname === '/wallboard') return
  const files = await (await fetch('/shell.json')).json() as string[]
  for (const file of files) {
    if (!await caches.match(file)) await (await fetch(file)).arrayBuffer()
  }
}

/** A screen on a wall knows nobody: it is no part of the desk's own page. */
async function open(): Promise<void> {
  if (location.pathname === '/wallboard') {
    const { default: WallboardPage } = await import('./features/wallboard/WallboardPage.vue')
    createApp(WallboardPage).use(createPinia()).mount('#app')
    return
  }
  const [{ default: App }, { router }] = await Promise.all([import('./App.vue'), import('./router')])
  createApp(App).use(createPinia()).use(router).mount('#app')
}
