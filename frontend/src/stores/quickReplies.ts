import type { Favourites, QuickReply, QuickReplyFields } from '@/api/quickReplies'
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import * as api from '@/api/quickReplies'
import { useSession } from './session'

export const MOST_FAVOURITES = 9

/** What this agent may use: read when it is first asked for. */
export const useQuickReplies = defineStore('quickReplies', () => {
  const session = useSession()
  const all = shallowRef<readonly QuickReply[]>([])
  const favourites = shallowRef<Favourites>({})
  let reading: Promise<void> | null = null

  const byId = computed(() => new Map(all.value.map(one => [one.id, one])))
  /** At which digit a reply is. */
  const digits = computed(() => new Map(Object.entries(favourites.value).map(([digit, id]) => [id, Number(digit)])))

  async function read(): Promise<void> {
    try {
      const found = await api.listQuickReplies()
      all.value = found.items
      favourites.value = found.favourites
    }
    catch (error) {
      reading = null
      throw error
    }
  }

  /** @throws {Problem} as all below; the next one tries again. */
  function load(): Promise<void> {
    reading ??= read()
    return reading
  }

  function put(reply: QuickReply): void {
    all.value = [...all.value.filter(({ id }) => id !== reply.id), reply]
  }

  async function add(wish: QuickReplyFields): Promise<void> {
    put(await api.addQuickReply(wish))
  }

  async function change(reply: QuickReply, wish: Parameters<typeof api.changeQuickReply>[1]): Promise<void> {
    put(await api.changeQuickReply(reply.id, wish))
  }

  async function remove(reply: QuickReply): Promise<void> {
    await api.removeQuickReply(reply.id)
    all.value = all.value.filter(({ id }) => id !== reply.id)
    favourites.value = Object.fromEntries(Object.entries(favourites.value).filter(([, id]) => id !== reply.id))
  }

  /** Put it on a digit, where another one gives way; null: on none any more. */
  async function keepAt(reply: QuickReply, digit: number | null): Promise<void> {
    const before = favourites.value
    const others = Object.fromEntries(Object.entries(before).filter(([at, id]) => id !== reply.id && Number(at) !== digit))
    favourites.value = digit === null ? others : { ...others, [digit]: reply.id }
    try {
      await api.setFavourites(favourites.value)
    }
    catch (error) {
      favourites.value = before
      throw error
    }
  }

  /** That it was used is counted; nobody waits for it. */
  function count(reply: QuickReply): void {
    all.value = all.value.map(one => one.id === reply.id ? { ...one, used: one.used + 1 } : one)
    api.countUse(reply.id).catch(() => {})
  }

  watch(() => session.agent?.id, () => {
    all.value = []
    favourites.value = {}
    reading = null
  })

  return { all, byId, favourites, digits, load, add, change, remove, keepAt, count }
})
