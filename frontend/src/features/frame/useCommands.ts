import type { ComputedRef, Ref } from 'vue'
import type { Conversation } from '@/api/types'
import type { Action } from '@/composables/useActions'
import { watchDebounced } from '@vueuse/core'
import { computed, shallowRef } from 'vue'
import { Problem } from '@/api/http'
import { messageLine } from '@/composables/messageLine'
import { t } from '@/i18n'
import { nameOf, useContacts } from '@/stores/contacts'
import { useConversations } from '@/stores/conversations'

export type Command
  = | { kind: 'person', key: string, conversation: Conversation, group: 'mine' | 'waiting' | 'closed' | 'others' }
    | { kind: 'action', key: string, action: Action }

const MOST = 12
const PAUSE_MS = 250

/** What answers to some words: at once what this page knows, a moment later what the desk finds. */
export function useCommands(words: Ref<string>, actions: () => readonly Action[]): { found: ComputedRef<Command[]>, searching: Ref<boolean> } {
  const conversations = useConversations()
  const contacts = useContacts()
  const fromDesk = shallowRef<{ words: string, ids: ReadonlySet<number> }>({ words: '', ids: new Set() })
  const searching = shallowRef(false)

  const wanted = computed(() => words.value.trim().toLowerCase())

  function matches(conversation: Conversation): boolean {
    const contact = contacts.newest(conversation.contact)
    const last = conversation.last_message
    return `${nameOf(contact)} ${contact.openid} ${last ? messageLine(last) : ''}`.toLowerCase().includes(wanted.value)
  }

  const found = computed<Command[]>(() => {
    const { mine, waiting, others, closed } = conversations.groups
    const people = [...mine, ...waiting, ...others, ...closed]
      .filter(one => matches(one) || (fromDesk.value.words === wanted.value && fromDesk.value.ids.has(one.id)))
      .slice(0, wanted.value ? MOST : 6)
      .map(conversation => ({
        kind: 'person',
        key: `c${conversation.id}`,
        conversation,
        group: conversations.groupOf(conversation),
      }) as const)
    const deeds = actions()
      .map(action => ({ kind: 'action', key: `${action.key}${JSON.stringify(action.values ?? '')}`, action }) as const)
      .filter(({ action }) => t(action.key, action.values).toLowerCase().includes(wanted.value))
    return [...people, ...deeds]
  })

  watchDebounced(wanted, async (asked) => {
    if (asked.length === 0) return
    searching.value = true
    try {
      const items = await conversations.search(asked)
      fromDesk.value = { words: asked, ids: new Set(items.map(({ id }) => id)) }
    }
    catch (error) {
      if (!(error instanceof Problem)) throw error // without the desk, what is here must do
    }
    finally {
      searching.value = false
    }
  }, { debounce: PAUSE_MS })

  return { found, searching }
}
