import type { Bell, Notice, NoticeKind } from '@/api/notices'
import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import * as api from '@/api/notices'

/** The bell. Everything that changes it passes through `put` and `ring`; what is read on one screen is read on all. */
export const useNotices = defineStore('notices', () => {
  const byId = shallowReactive(new Map<number, Notice>())
  const bell = shallowRef<Bell>({ id: 0, unread: 0, muted: [] })
  /** Where the next page of older ones begins; null after the last. */
  const next = shallowRef<number | null>(null)
  const busy = shallowRef(false)
  const loaded = shallowRef(false)
  /** The one that has come last while this page was open. */
  const newest = shallowRef<Notice | null>(null)
  /** Counts what the stream tells of the bell: an answer that was asked for before is older. */
  let rung = 0
  /** Choices of kinds that the desk has not kept yet. */
  let choosing = 0
  let chosen: Promise<unknown> = Promise.resolve()

  const all = computed(() => [...byId.values()].sort((one, other) => other.id - one.id))

  function put(notice: Notice): void {
    const known = byId.get(notice.id)
    if (known && known.version >= notice.version) return
    byId.set(notice.id, notice)
  }

  /** From the stream. */
  function follow(notice: Notice): void {
    const isNew = loaded.value && !byId.has(notice.id) && notice.read_at === null && notice.id > Math.max(0, ...byId.keys())
    put(notice)
    if (isNew) newest.value = notice
  }

  /** From the stream, or an answer; while a choice of kinds is on its way it is not taken back. */
  function ring(told: Bell): void {
    rung++
    bell.value = choosing ? { ...told, muted: bell.value.muted } : told
  }

  async function load(): Promise<void> {
    const before = rung
    const page = await api.listNotices(null)
    byId.clear()
    page.items.forEach(put)
    next.value = page.next
    if (rung === before) bell.value = page.bell
    loaded.value = true
  }

  async function loadMore(): Promise<void> {
    if (next.value === null || busy.value) return
    await once(async () => {
      const page = await api.listNotices(next.value)
      page.items.forEach(put)
      next.value = page.next
    })
  }

  /** @throws {Problem} as all below. */
  async function read(notice: Notice): Promise<void> {
    if (notice.read_at === null) ring(await api.readNotices({ ids: [notice.id] }))
  }

  async function readAll(): Promise<void> {
    const last = all.value[0]
    if (last) await once(async () => ring(await api.readNotices({ up_to: last.id })))
  }

  /** Shown at once; of several in quick succession each builds on the one before. */
  async function mute(kind: NoticeKind, on: boolean): Promise<void> {
    const others = bell.value.muted.filter(other => other !== kind)
    const muted = on ? [...others, kind] : others
    bell.value = { ...bell.value, muted }
    choosing++
    const keeping = chosen.then(() => api.muteNotices(muted)).finally(() => { choosing-- })
    chosen = keeping.catch(() => {})
    await keeping.then(ring, async (error) => {
      await load().catch(() => {})
      throw error
    })
  }

  async function once(act: () => Promise<void>): Promise<void> {
    busy.value = true
    await act().finally(() => { busy.value = false })
  }

  function clear(): void {
    byId.clear()
    bell.value = { id: 0, unread: 0, muted: [] }
    next.value = newest.value = null
    loaded.value = false
  }

  return { all, bell, next, busy, newest, put, follow, ring, load, loadMore, read, readAll, mute, clear }
})
