import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { readKept, whenKeptElsewhere, writeKept } from './kept'
import { useSession } from './session'

const PREFIX = 'wxdesk:draft:'

/** What an agent has written and not sent: per agent and conversation, in this browser, the same in all its tabs. */
export const useDrafts = defineStore('drafts', () => {
  const session = useSession()
  const texts = shallowReactive(new Map<string, string>())

  function keyOf(conversationId: number): string {
    return `${PREFIX}${session.agent?.id ?? 0}:${conversationId}`
  }

  function of(conversationId: number): string {
    const key = keyOf(conversationId)
    return texts.get(key) ?? readKept(key, '')
  }

  function keep(conversationId: number, text: string): void {
    const key = keyOf(conversationId)
    texts.set(key, text)
    writeKept(key, text || null)
  }

  whenKeptElsewhere(PREFIX, key => texts.set(key, readKept(key, '')))

  return { of, keep }
})
