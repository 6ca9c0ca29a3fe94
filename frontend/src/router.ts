import type { Component, FunctionalComponent } from 'vue'
import type { RouteLocationNormalized } from 'vue-router'
import { defineAsyncComponent, h } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import { later } from './ui/later'

/** A screen is put together here: features do not know each other. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    {
      path: '/conversations/:id(\\d+)?',
      name: 'conversations',
      components: {
        list: later(() => import('./features/inbox/InboxPane.vue')),
        default: later(() => import('./features/conversation/ConversationPane.vue')),
        panel: whenShown(() => import('./features/contact/ContactPanel.vue')),
        above: whenShown(() => import('./features/monitor/steer/SupervisorBar.vue')),
      },
      props: {
        list: ({ params }) => ({ chosenId: params.id ? Number(params.id) : null }),
        default: ({ params, query }) => ({ conversationId: params.id ? Number(params.id) : null, messageId: Number(query.message) || null }),
        panel: ({ params }) => ({ conversationId: params.id ? Number(params.id) : null }),
        above: ({ params }) => ({ conversationId: params.id ? Number(params.id) : null }),
      },
    },
    {
      path: '/admin/:accountId(\\d+)?/:page?',
      name: 'admin',
      components: {
        list: later(() => import('./features/admin/AdminNav.vue')),
        default: later(() => import('./features/admin/AdminPage.vue')),
      },
      props: { list: adminPlace, default: adminPlace },
    },
    { path: '/customers', redirect: '/customers/all' },
    { path: '/customers/:page(all)', name: 'customers', component: later(() => import('./features/customers/CustomersPage.vue')) },
    { path: '/customers/:page(files)', name: 'customer-files', component: later(() => import('./features/customers/sheets/SheetsPage.vue')) },
    {
      path: '/customers/:page(\\d+)',
      component: later(() => import('./features/customers/profile/ProfilePage.vue')),
      props: ({ params }) => ({ contactId: Number(params.page) }),
      children: [{
        path: '',
        name: 'customer',
        components: { facts: later(() => import('./features/contact/ContactProfile.vue')) },
        props: { facts: ({ params }) => ({ contactId: Number(params.page) }) },
      }],
    },
    { path: '/me/:page(settings)', name: 'settings', component: later(() => import('./features/frame/settings/SettingsPage.vue')) },
    {
      path: '/search',
      name: 'search',
      component: later(() => import('./features/search/SearchPage.vue')),
      props: ({ query }) => ({ words: String(query.q ?? ''), of: query.of ?? null }),
    },
    { path: '/queue', name: 'queue', component: later(() => import('./features/queue/QueuePage.vue')) },
    { path: '/me', name: 'me', component: later(() => import('./features/frame/phone/MePage.vue')) },
    { path: '/monitor', redirect: '/monitor/live' },
    {
      path: '/monitor/:page',
      name: 'monitor',
      component: later(() => import('./features/monitor/MonitorPage.vue')),
      props: ({ params }) => ({ page: String(params.page) }),
    },
    { path: '/:elsewhere(.*)*', redirect: '/conversations' },
  ],
})

/** Which page of which account; null where it is of none. */
function adminPlace({ params: { accountId, page } }: RouteLocationNormalized): { accountId: number | null, page: string | null } {
  return { accountId: accountId ? Number(accountId) : null, page: page ? String(page) : accountId ? 'overview' : null }
}

/** What stands beside a page is fetched once it is shown, not with the page. */
function whenShown(load: () => Promise<Component>): FunctionalComponent {
  const part = defineAsyncComponent(later(load))
  const shown: FunctionalComponent = (_, { attrs }) => h(part, attrs)
  shown.displayName = 'WhenShown' // by which the router knows a component from what loads one
  shown.inheritAttrs = false
  return shown
}
