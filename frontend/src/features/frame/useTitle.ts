import { onScopeDispose, watchEffect } from 'vue'
import { t } from '@/i18n'
import { useConversations } from '@/stores/conversations'

/** (3) 接待 · wxdesk: how many messages wait for this agent. */
export function useTitle(): void {
  const conversations = useConversations()
  watchEffect(() => {
    const title = `${t('nav.inbox')} · ${t('app.title')}`
    document.title = conversations.unread > 0 ? `(${conversations.unread}) ${title}` : title
  })
  onScopeDispose(() => { document.title = t('app.title') })
}
