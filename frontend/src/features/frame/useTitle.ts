import { onScopeDispose, watchEffect } from 'vue'
import { useRoute } from 'vue-router'
import { t } from '@/i18n'
import { useConversations } from '@/stores/conversations'

/** (3) 接待 · wxdesk: how many messages wait for this agent. */
export function useTitle(): void {
  const route = useRoute()
  const conversations = useConversations()
  watchEffect(() => {
    const title = `${t(route.name === 'admin' ? 'nav.admin' : route.name === 'monitor' ? 'nav.monitor' : 'nav.inbox')} · ${t('app.title')}`
    const offered = conversations.offers.length ? `● ${t('offer.title')} · ` : ''
    document.title = offered + (conversations.unread > 0 ? `(${conversations.unread}) ${title}` : title)
  })
  onScopeDispose(() => { document.title = t('app.title') })
}
