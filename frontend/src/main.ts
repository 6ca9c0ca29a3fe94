import { createPinia } from 'pinia'
import { createApp } from 'vue'
import './styles/tokens.css'
import './styles/base.css'
import 'element-plus/theme-chalk/base.css'
import './styles/element.css'

void open()
if (import.meta.env.PROD) void navigator.serviceWorker?.register('/sw.js').catch(() => {}) // the page works without

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
