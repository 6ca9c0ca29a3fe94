import type { UnreadMark } from '@/api/unreadMarks'
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { Problem } from '@/api/http'
import * as api from '@/api/unreadMarks'

/** The conversations that this agent has marked as unread, on any of their screens. */
export const useUnreadMarks = defineStore('unreadMarks', () => {
  const marked = shallowReactive(new Set<number>())
  const versions = new Map<number, number>()

  /** From the stream; an older copy is ignored. */
  function put({ conversation_id, unread, version }: UnreadMark): void {
    if ((versions.get(conversation_id) ?? 0) > version) return
    versions.set(conversation_id, version)
    if (unread) marked.add(conversation_id)
    else marked.delete(conversation_id)
  }

  async function load(): Promise<void> {
    const found = await api.listUnreadMarks()
    const now = new Set(found.map(({ conversation_id }) => conversation_id))
    for (const id of marked) now.has(id) || marked.delete(id)
    found.forEach(put)
  }

  /** @throws {Problem} nothing was marked. */
  async function mark(conversationId: number): Promise<void> {
    await api.markUnread(conversationId)
    marked.add(conversationId)
  }

  /** It is looked at: shown at once, and told to the other screens. */
  async function unmark(conversationId: number): Promise<void> {
    if (!marked.delete(conversationId)) return
    try {
      await api.unmarkUnread(conversationId)
    }
    catch (error) {
      if (!(error instanceof Problem)) throw error
      marked.add(conversationId)
    }
  }

  function clear(): void {
    marked.clear()
    versions.clear()
  }

  return { marked, put, load, mark, unmark, clear }
})
