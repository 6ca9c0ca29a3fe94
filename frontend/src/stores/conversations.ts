import type { Conversation } from '@/api/types'
import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import * as assignments from '@/api/assignments'
import * as api from '@/api/conversations'
import { Problem } from '@/api/http'
import * as snoozes from '@/api/snoozes'
import { listPending } from '@/api/summaries'
import { useContacts } from './contacts'
import { useSession } from './session'

export type Group = 'waiting' | 'mine' | 'others' | 'closed'
export const GROUPS: readonly Group[] = ['waiting', 'mine', 'others', 'closed']

const WANTED: Record<Group, api.Wanted> = {
  waiting: { state: 'waiting' },
  mine: { state: 'active', assignee: 'me' },
  others: { state: 'active' },
  closed: { state: 'closed' },
}

const VIEWS: readonly api.WindowView[] = ['closing', 'last_send']

const AGAIN_MS = 3_000
/** How long what has just come is marked. */
const ARRIVED_MS = 4_000

/** Conversations by number and by group. Everything that changes them passes through `put`. */
export const useConversations = defineStore('conversations', () => {
  const session = useSession()
  const contacts = useContacts()

  const byId = shallowReactive(new Map<number, Conversation>())
  /** Where the next page of a group begins; null after the last. */
  const next = shallowReactive<Record<Group, string | null>>({
    waiting: null,
    mine: null,
    others: null,
    closed: null,
  })
  /** As the desk has counted those who wait. */
  const counted = shallowRef(0)
  /** Conversations as they stand in the list, for going to the next and the previous. */
  const order = shallowRef<readonly number[]>([])
  const loaded = shallowRef(false)
  const failure = shallowRef<string | null>(null)
  /** Conversations about which a request is on its way: a second click does nothing. */
  const busy = shallowReactive(new Set<number>())
  /** This agent takes whoever is next: nobody knows yet which one it will be. */
  const takingNext = shallowRef(false)
  /** Conversations that the desk has just given to this agent; marked for a moment. */
  const arrived = shallowRef<ReadonlySet<number>>(new Set())
  /** The last message this agent has seen here, before the desk confirms it. */
  const seen = shallowReactive(new Map<number, number>())

  const groups = computed(() => {
    const sorted: Record<Group, Conversation[]> = { waiting: [], mine: [], others: [], closed: [] }
    for (const conversation of byId.values()) sorted[groupOf(conversation)].push(conversation)
    sorted.waiting.sort((one, other) => ascending(waitingSince(one), waitingSince(other)))
    for (const group of ['mine', 'others', 'closed'] as const) sorted[group].sort(newestFirst)
    return sorted
  })
  /** What this agent is asked to take, the one that ends first before the others. */
  const offers = computed(() => groups.value.waiting
    .filter(({ offer }) => offer?.agent.id === session.agent?.id)
    .sort((one, other) => ascending(one.offer!.until, other.offer!.until)))
  /** How many wait: those that are here, where all are; else as the desk has counted them. */
  const waitingCount = computed(() => next.waiting === null ? groups.value.waiting.length : Math.max(counted.value, groups.value.waiting.length))
  const unread = computed(() => groups.value.mine.reduce((sum, conversation) => sum + unreadOf(conversation), 0))

  function groupOf({ state, assignee }: Conversation): Group {
    if (state !== 'active') return state
    return assignee?.id === session.agent?.id ? 'mine' : 'others'
  }

  /** Whose it is, and supervisors who have joined. */
  function mayWrite(conversation: Conversation): boolean {
    return isMine(conversation) || hasJoined(conversation)
  }

  function hasJoined({ state, joined }: Conversation): boolean {
    return state === 'active' && joined.some(({ id }) => id === session.agent?.id)
  }

  function unreadOf({ id, unread: count, last_message }: Conversation): number {
    return last_message && (seen.get(id) ?? 0) >= last_message.id ? 0 : count
  }

  /** Take a copy, from an answer or from the stream; an older copy is ignored. */
  function put(conversation: Conversation): void {
    contacts.put(conversation.contact)
    const known = byId.get(conversation.id)
    if (known && known.version > conversation.version) return
    byId.set(conversation.id, conversation)
    if (known?.snoozed_until && !conversation.snoozed_until) seen.delete(conversation.id)
    if (loaded.value && isMine(conversation) && !(known && isMine(known))) welcome(conversation.id)
  }

  function isMine(conversation: Conversation): boolean {
    return groupOf(conversation) === 'mine'
  }

  /** It came by itself: nobody here has asked for it. */
  function welcome(id: number): void {
    if (busy.has(id) || takingNext.value) return
    arrived.value = new Set([...arrived.value, id])
    setTimeout(() => { arrived.value = new Set([...arrived.value].filter(other => other !== id)) }, ARRIVED_MS)
  }

  /**
   * Read the first page of every group, and what is open. Of the rest, what may have changed unseen
   * is forgotten; until then everything stays on the screen.
   */
  async function load(opened: readonly number[] = []): Promise<void> {
    try {
      await refresh(opened)
    }
    catch (error) {
      failure.value = error instanceof Problem ? error.code : 'unexpected'
      throw error
    }
  }

  /** The same because somebody asks for it: where it fails, what is here is as good as it was. */
  async function refresh(opened: readonly number[]): Promise<void> {
    const doubtful = new Map(byId)
    await Promise.all([
      ...GROUPS.map(group => readPage(group, null)),
      readViews(),
      readPending(),
      ...opened.filter(id => byId.has(id)).map(get),
    ])
    for (const [id, conversation] of doubtful) {
      if (byId.get(id) === conversation) byId.delete(id)
    }
    loaded.value = true
    failure.value = null
    await countWaiting().catch(() => {})
  }

  /** The next page of a group, if there is one; after a failure not again at once. */
  async function loadMore(group: Group): Promise<void> {
    const cursor = next[group]
    if (cursor === null) return
    next[group] = null
    await readPage(group, cursor).catch(() => {
      setTimeout(() => next[group] ??= cursor, AGAIN_MS)
    })
  }

  async function readPage(group: Group, cursor: string | null): Promise<void> {
    const page = await api.listConversations({ ...WANTED[group], cursor })
    page.items.forEach(put)
    next[group] = page.next
  }

  /** Only where lists do not show all who wait. */
  async function countWaiting(): Promise<void> {
    if (next.waiting !== null) counted.value = await api.countWaiting()
  }

  /** Those whose window is about to close, wherever they stand in the other lists. */
  async function readViews(): Promise<void> {
    const pages = await Promise.all(VIEWS.map(view => api.listConversations({ view, limit: 100 })))
    for (const { items } of pages) items.forEach(put)
  }

  /** A page of whatever is asked for; where the next one begins. */
  async function readFound(wanted: api.Wanted, cursor: string | null): Promise<string | null> {
    const page = await api.listConversations({ ...wanted, cursor })
    page.items.forEach(put)
    return page.next
  }

  /** What this agent has ended and not summed up, however long ago. */
  async function readPending(): Promise<void> {
    (await listPending()).forEach(put)
  }

  /** @throws {Problem} not_found, or the desk is away. */
  async function get(id: number): Promise<Conversation> {
    put(await api.getConversation(id))
    return byId.get(id)!
  }

  /** @throws {Problem} taken, when a colleague was faster. */
  const take = (id: number) => once(id, async () => put(await api.takeConversation(id)))
  /** @throws {Problem} not_assigned, summary_required. */
  const close = (id: number, ending: api.Ending = {}) => once(id, async () => put(await api.closeConversation(id, ending)))

  /** @throws {Problem} not_offered, when it is over. */
  const accept = (id: number) => once(id, async () => put(await assignments.acceptOffer(id)))
  /** @throws {Problem} not_offered. */
  const decline = (id: number, reason: string) => once(id, () => assignments.declineOffer(id, reason))
  /** @throws {Problem} not_here, or what else stands in the way. */
  const transfer = (id: number, target: assignments.Target, message: string) =>
    once(id, async () => put(await assignments.transfer(id, target, message)))

  /** Put off until then. @throws {Problem} snooze_invalid. */
  const snooze = (id: number, until: string) => once(id, async () => put(await snoozes.snooze(id, until)))
  /** @throws {Problem} not_assigned. */
  const endSnooze = (id: number) => once(id, async () => put(await snoozes.endSnooze(id)))

  /** Take whoever is first; null: asked already. @throws {Problem} nothing_waits. */
  async function takeNext(): Promise<number | null> {
    if (takingNext.value) return null
    takingNext.value = true
    try {
      const taken = await assignments.takeNext()
      put(taken)
      return taken.id
    }
    finally {
      takingNext.value = false
    }
  }

  async function once(id: number, act: () => Promise<void>): Promise<void> {
    if (busy.has(id)) return
    busy.add(id)
    await act().finally(() => busy.delete(id))
  }

  /** The agent has seen everything up to here; only the owner's reading counts. */
  async function read(id: number, upTo: number): Promise<void> {
    const before = seen.get(id) ?? 0
    const conversation = byId.get(id)
    if (upTo <= before || !conversation?.unread || groupOf(conversation) !== 'mine') return
    seen.set(id, upTo)
    await api.markRead(id, upTo).catch(() => seen.set(id, before))
  }

  function clear(): void {
    byId.clear()
    seen.clear()
    loaded.value = false
  }

  return {
    byId,
    next,
    order,
    loaded,
    failure,
    busy,
    takingNext,
    arrived,
    groups,
    offers,
    unread,
    waitingCount,
    countWaiting,
    groupOf,
    mayWrite,
    hasJoined,
    unreadOf,
    put,
    load,
    refresh,
    loadMore,
    readViews,
    readFound,
    get,
    take,
    takeNext,
    accept,
    decline,
    transfer,
    snooze,
    endSnooze,
    close,
    read,
    clear,
  }
})

function ascending(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** WeChat tells whole seconds: of two lines in one second the later one is newer. */
function newestFirst(one: Conversation, other: Conversation): number {
  return ascending(lastAt(other), lastAt(one)) || (other.last_message?.id ?? 0) - (one.last_message?.id ?? 0)
}

function waitingSince({ waiting_since, opened_at }: Conversation): string {
  return waiting_since ?? opened_at
}

function lastAt({ last_message, opened_at }: Conversation): string {
  return last_message?.sent_at ?? opened_at
}
