import type { NoticeKind } from '@/api/notices'
import type { Conversation } from '@/api/types'
import type { SoundEvent } from '@/stores/sounds'
import { useIntervalFn } from '@vueuse/core'
import { computed, onScopeDispose, watch } from 'vue'
import { useRouter } from 'vue-router'
import { windowOf } from '@/composables/allowance'
import { closesSoon, OFFER_EVERY_MS } from '@/composables/soundRules'
import { anyTabVisible, holdAlone } from '@/composables/tabs'
import { usePush } from '@/composables/usePush'
import { useSound } from '@/composables/useSound'
import { useClock } from '@/stores/clock'
import { nameOf, useContacts } from '@/stores/contacts'
import { useConversations } from '@/stores/conversations'
import { useNotices } from '@/stores/notices'
import { useSounds } from '@/stores/sounds'
import { lineOf, whomOf } from '../bell/notices'
import { closeNotices, isPushedTo, showNotice } from './desktop'
import { say } from './words'

/** So long nobody has to look before a message is shown by the system. */
const HIDDEN_MS = 5_000

const SOUNDS: Partial<Record<NoticeKind, SoundEvent>> = { warning: 'warning', breach: 'breach', mention: 'mention', help: 'mention', handed_over: 'mention', later: 'mention' }

/** What happens while somebody is here is heard, and shown by the system where nobody looks. */
export function useAlerting(): void {
  const router = useRouter()
  const clock = useClock()
  const conversations = useConversations()
  const contacts = useContacts()
  const notices = useNotices()
  const sounds = useSounds()
  const { play } = useSound()
  const leaving = new AbortController()
  let mayShow = false
  let newest = Infinity

  const stop = holdAlone('wxdesk-notices', () => true, (held) => { mayShow = held }, leaving.signal)
  usePush().resume().catch(() => {}) // told on the page of settings

  const tagOf = (id: number): string => `conversation-${id}`
  const whoIs = ({ contact }: Conversation): string => nameOf(contacts.newest(contact))

  async function show(title: string, body: string, id: number | null, always = false): Promise<void> {
    if (!mayShow || !sounds.chosen.desktop || (!always && await anyTabVisible()) || await isPushedTo()) return
    const url = id === null ? '/conversations' : `/conversations/${id}?from=notice`
    await showNotice({ title, body, tag: id === null ? 'desk' : tagOf(id), url }, () => void router.push(url))
  }

  /** A message is shown only if nobody has come to read it. */
  function showLater(id: number): void {
    setTimeout(() => {
      const talk = conversations.byId.get(id)
      if (talk && conversations.unreadOf(talk) > 0) void show(say('message'), whoIs(talk), id)
    }, HIDDEN_MS)
  }

  const offered = (): number[] => conversations.offers.map(({ id }) => id)
  watch(offered, (ids, before) => {
    for (const id of before.filter(one => !ids.includes(one))) void closeNotices(tagOf(id))
    const id = ids.find(one => !before.includes(one))
    const talk = id === undefined ? undefined : conversations.byId.get(id)
    if (!talk) return
    play('offer')
    void show(say('offer'), whoIs(talk), talk.id)
  })
  useIntervalFn(() => offered().length && play('offer'), OFFER_EVERY_MS)

  watch(() => conversations.loaded && conversations.groups.mine, (mine, before) => {
    if (!mine) return
    const last = Math.max(0, ...mine.map(({ last_message }) => last_message?.id ?? 0))
    const news = mine.filter(({ last_message: line }) => line && line.id > newest && line.direction === 'in')
    newest = newest === Infinity ? last : Math.max(newest, last)
    if (news.length) play('message')
    for (const { id } of news) showLater(id)
    for (const { id } of before || []) {
      const talk = conversations.byId.get(id)
      if (!talk || conversations.unreadOf(talk) === 0) void closeNotices(tagOf(id))
    }
  })

  /** One's own whose answer is owed and cannot be sent in an hour: whom, and until when; a window that is opened anew is another. */
  const closing = computed(() => conversations.loaded
    ? conversations.groups.mine.flatMap((talk) => {
        const closesAt = windowOf(contacts.newest(talk.contact).allowance)?.closesAt ?? null
        return closesSoon(talk.owed_since !== null, closesAt, clock.now) ? [{ talk, key: `${talk.id} ${closesAt}` }] : []
      })
    : null)
  const heardOf = new Set<string>()
  watch(closing, (all, before) => {
    const news = all?.filter(({ key }) => !heardOf.has(key)) ?? []
    for (const { key } of news) heardOf.add(key)
    if (!before || !news[0]) return // what was so when the page was opened is on its row
    play('window')
    for (const { talk } of news) void show(say('window'), whoIs(talk), talk.id)
  }, { immediate: true })

  watch(() => notices.newest, (notice) => {
    if (!notice) return
    const sound = SOUNDS[notice.kind]
    if (sound) play(sound)
    void show(lineOf(notice), notice.conversation_id ? whomOf(notice) : '', notice.conversation_id, notice.kind === 'breach')
  })

  onScopeDispose(() => {
    stop()
    leaving.abort()
  })
}
