import type { TextKey } from '@/i18n'
import { computed, onScopeDispose, watchEffect } from 'vue'
import { useRoute } from 'vue-router'
import { t } from '@/i18n'
import { useClock } from '@/stores/clock'
import { useConversations } from '@/stores/conversations'
import { useNotices } from '@/stores/notices'

const PLACES: Record<string, TextKey> = { admin: 'nav.admin', monitor: 'nav.monitor', customers: 'nav.customers', settings: 'nav.mySettings' }
const USUAL = '/favicon.svg'
const MARKED = '/favicon-marked.svg'

/** (3) 接待 · wxdesk: how many messages wait for this agent; ● what is asked of them; ! what is late. */
export function useTitle(): void {
  const route = useRoute()
  const conversations = useConversations()
  const clock = useClock()
  const notices = useNotices()
  /** Whoever wants to hear nothing of it is not shown it here either. */
  const isLate = computed(() => !notices.bell.muted.includes('breach') && conversations.groups.mine.some(({ due_at: due }) => due !== null && Date.parse(due) < clock.second))
  watchEffect(() => {
    const title = `${t(PLACES[String(route.name)] ?? 'nav.inbox')} · ${t('app.title')}`
    const offered = conversations.offers.length ? `● ${t('offer.title')} · ` : ''
    const late = isLate.value ? '! ' : ''
    document.title = late + offered + (conversations.unread > 0 ? `(${conversations.unread}) ${title}` : title)
  })
  watchEffect(() => {
    const count = conversations.unread + conversations.offers.length
    document.querySelector('link[rel=icon]')?.setAttribute('href', count || isLate.value ? MARKED : USUAL)
    void navigator.setAppBadge?.(count).catch(() => {})
  })
  onScopeDispose(() => { document.title = t('app.title') })
}
