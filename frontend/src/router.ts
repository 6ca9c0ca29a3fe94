import { createRouter, createWebHistory } from 'vue-router'

/** A screen is put together here: features do not know each other. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    {
      path: '/conversations/:id(\\d+)?',
      name: 'conversations',
      components: {
        list: () => import('./features/inbox/InboxPane.vue'),
        default: () => import('./features/conversation/ConversationPane.vue'),
        panel: () => import('./features/contact/ContactPanel.vue'),
      },
      props: {
        list: ({ params }) => ({ chosenId: params.id ? Number(params.id) : null }),
        default: ({ params }) => ({ conversationId: params.id ? Number(params.id) : null }),
        panel: ({ params }) => ({ conversationId: params.id ? Number(params.id) : null }),
      },
    },
    { path: '/:elsewhere(.*)*', redirect: '/conversations' },
  ],
})
