import { useEventListener } from '@vueuse/core'
import { watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useConversations } from '@/stores/conversations'
import { useSession } from '@/stores/session'
import { useToasts } from '@/stores/toasts'
import { say } from './words'

/** A notice has led here: what it told of may be somebody else's by now, and then that is said. */
export function useOpenedByNotice(): void {
  const route = useRoute()
  const router = useRouter()
  const conversations = useConversations()
  const session = useSession()
  const toasts = useToasts()

  useEventListener(() => navigator.serviceWorker, 'message', ({ data }: MessageEvent<{ kind?: string, url?: string }>) => {
    if (data.kind === 'open' && data.url?.startsWith('/')) void router.push(data.url)
  })

  watch(() => route.query.from === 'notice' && conversations.loaded ? Number(route.params.id) : null, async (id) => {
    if (!id) return
    await router.replace({ path: route.path })
    const talk = await conversations.get(id).then(() => conversations.byId.get(id), () => undefined)
    if (!talk) return
    if (talk.assignee && talk.assignee.id !== session.agent?.id) toasts.tell(say('answeredBy', { name: talk.assignee.name }))
    else if (talk.state === 'waiting' && talk.offer?.agent.id !== session.agent?.id) toasts.tell(say('offerOver'))
  }, { immediate: true })
}
