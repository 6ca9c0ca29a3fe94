import type { ComputedRef, ShallowRef } from 'vue'
import type { Block, Chapter } from './blocks'
import type { Conversation } from '@/api/types'
import type { ShownMessage } from '@/stores/messages'
import { computed, shallowRef, watch } from 'vue'
import { Problem } from '@/api/http'
import { useConversations } from '@/stores/conversations'
import { useMessages } from '@/stores/messages'
import { useSeats } from '@/stores/seats'
import { useUnreadMarks } from '@/stores/unreadMarks'
import { blocksOf } from './blocks'

export interface Thread {
  conversation: ComputedRef<Conversation | undefined>
  /** The conversation itself could not be had; the code says why. */
  missing: ComputedRef<string | null>
  state: ComputedRef<'loading' | 'ready' | 'failed'>
  messages: ComputedRef<ShownMessage[]>
  /** With those of the earlier conversations that are shown. */
  all: ComputedRef<ShownMessage[]>
  blocks: ComputedRef<Block[]>
  /** There is more above: older messages, or the conversation before. */
  hasOlder: ComputedRef<boolean>
  loadOlder: () => Promise<void>
  /** It was opened at a message of the past: what was said later is not all here. */
  hasNewer: ComputedRef<boolean>
  loadNewer: () => Promise<void>
  toLatest: () => Promise<void>
  /** The message that is to be shown; each time anew. */
  sought: ShallowRef<{ id: number } | null>
  goTo: (messageId: number) => Promise<void>
  retry: () => void
}

/** A conversation with its messages, from one of them on if that is asked for, and above them the earlier ones with the same contact. */
export function useThread(conversationId: () => number, messageId: () => number | null = () => null): Thread {
  const conversations = useConversations()
  const messages = useMessages()
  const seats = useSeats()
  const unreadMarks = useUnreadMarks()
  const earlier = shallowRef<readonly number[]>([])
  const refusal = shallowRef<string | null>(null)
  const sought = shallowRef<{ id: number } | null>(null)

  const conversation = computed(() => conversations.byId.get(conversationId()))
  const shown = computed(() => messages.of(conversationId()))
  const oldest = computed(() => earlier.value[0] ?? conversationId())
  const previousId = computed(() => conversations.byId.get(oldest.value)?.previous_id ?? null)
  const hasNewer = computed(() => messages.held.get(conversationId())?.newer != null)
  const older = computed(() => messages.held.get(oldest.value)?.older ?? null)

  const chapters = computed<Chapter[]>(() => [...earlier.value, conversationId()].map(id => ({
    id,
    openedAt: conversations.byId.get(id)?.opened_at ?? '',
    messages: messages.of(id),
  })))

  const all = computed(() => chapters.value.flatMap(chapter => chapter.messages))

  async function open(id: number): Promise<void> {
    earlier.value = []
    sought.value = null
    refusal.value = null
    messages.opened = [id]
    void unreadMarks.unmark(id)
    try {
      await read(id)
      seek()
    }
    catch (error) {
      if (!(error instanceof Problem)) throw error
      refusal.value = error.code
    }
  }

  /** Both at once, unless the desk may not tell what was said: then that is known first. */
  async function read(id: number): Promise<void> {
    const known = conversations.byId.get(id)
    if (!known && seats.blind === false) return void await Promise.all([readMessages(id), conversations.get(id)])
    const { hidden } = known ?? await conversations.get(id)
    if (!hidden) await readMessages(id)
  }

  function readMessages(id: number): Promise<void> {
    const wanted = messageId()
    return wanted === null ? messages.open(id) : messages.openAround(id, wanted)
  }

  function seek(): void {
    const wanted = messageId()
    if (wanted !== null) sought.value = { id: wanted }
  }

  async function goTo(wanted: number): Promise<void> {
    if (!all.value.some(({ id }) => id === wanted)) {
      earlier.value = []
      await messages.openAround(conversationId(), wanted)
    }
    sought.value = { id: wanted }
  }

  async function toLatest(): Promise<void> {
    if (!hasNewer.value) return
    earlier.value = []
    await messages.readNewest(conversationId())
  }

  async function loadOlder(): Promise<void> {
    if (older.value !== null) return messages.loadOlder(oldest.value)
    const id = previousId.value
    if (id === null) return
    const before = conversationId()
    await Promise.all([conversations.byId.has(id) || conversations.get(id), messages.open(id)])
    if (conversationId() !== before || earlier.value.includes(id)) return
    earlier.value = [id, ...earlier.value]
    messages.opened = [...earlier.value, before]
  }

  watch(conversationId, open, { immediate: true })
  watch(messageId, (wanted) => { if (wanted !== null && sought.value?.id !== wanted && messages.opened.includes(conversationId())) void goTo(wanted) })
  // Taken, or asked about: what was said may be told now.
  watch(() => conversation.value?.hidden, (hidden, before) => { if (before && !hidden) void messages.open(conversationId()) })

  return {
    conversation,
    missing: computed(() => conversation.value ? null : refusal.value),
    state: computed(() => shown.value.length > 0 ? 'ready' : messages.held.get(conversationId())?.state ?? 'loading'),
    messages: shown,
    all,
    blocks: computed(() => blocksOf(chapters.value)),
    hasOlder: computed(() => older.value !== null || previousId.value !== null),
    loadOlder,
    hasNewer,
    loadNewer: () => messages.loadNewer(conversationId()),
    toLatest,
    sought,
    goTo,
    retry: () => void open(conversationId()),
  }
}
