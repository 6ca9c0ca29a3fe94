import type { ComputedRef, Ref } from 'vue'
import type { PersonHit } from '@/api/search'
import type { Contact, Conversation } from '@/api/types'
import type { Action } from '@/composables/useActions'
import { watchDebounced } from '@vueuse/core'
import { computed, shallowRef } from 'vue'
import { Problem } from '@/api/http'
import { search } from '@/api/search'
import { messageLine } from '@/composables/messageLine'
import { t } from '@/i18n'
import { nameOf, useContacts } from '@/stores/contacts'
import { useConversations } from '@/stores/conversations'

export type Command
  = | { kind: 'person', key: string, conversation: Conversation, group: 'mine' | 'waiting' | 'closed' | 'others' }
    | { kind: 'contact', key: string, contact: Contact, conversationId: number }
    | { kind: 'action', key: string, action: Action }
    | { kind: 'everywhere', key: string, words: string }

const MOST = 12
const PAUSE_MS = 250

/** What answers to some words: at once what this page knows, a moment later what the desk finds. */
export function useCommands(words: Ref<string>, actions: () => readonly Action[]): { found: ComputedRef<Command[]>, searching: Ref<boolean> } {
  const conversations = useConversations()
  const contacts = useContacts()
  const fromDesk = shallowRef<{ words: string, people: readonly PersonHit[] }>({ words: '', people: [] })
  const searching = shallowRef(false)

  const wanted = computed(() => words.value.trim().toLowerCase())

  function matches(conversation: Conversation): boolean {
    const contact = contacts.newest(conversation.contact)
    const last = conversation.last_message
    return `${nameOf(contact)} ${contact.openid} ${last ? messageLine(last) : ''}`.toLowerCase().includes(wanted.value)
  }

  /** By name, remark, pinyin or initials, as the desk knows them; the last seen first. */
  const known = computed(() => fromDesk.value.words === wanted.value ? fromDesk.value.people : [])

  const found = computed<Command[]>(() => {
    const named = new Map(known.value.map(({ contact, conversation_id }) => [conversation_id, contact]))
    const { mine, waiting, others, closed } = conversations.groups
    const people = [...mine, ...waiting, ...others, ...closed]
      .filter(one => matches(one) || named.has(one.id))
      .sort((one, other) => spokenAt(other) - spokenAt(one))
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
    const here = new Set(people.map(({ conversation }) => conversation.contact.id))
    const elsewhere = [...named]
      .flatMap(([conversationId, contact]) => conversationId !== null && !here.has(contact.id) ? [{ kind: 'contact', key: `p${contact.id}`, contact, conversationId } as const] : [])
    const everywhere = wanted.value ? [{ kind: 'everywhere', key: 'everywhere', words: words.value.trim() } as const] : []
    return [...people, ...elsewhere, ...everywhere, ...deeds]
  })

  watchDebounced(wanted, async (asked) => {
    if (asked.length === 0) return
    searching.value = true
    try {
      const { people } = await search(asked, 'people', { limit: MOST })
      people?.items.forEach(({ contact }) => contacts.put(contact))
      fromDesk.value = { words: asked, people: people?.items ?? [] }
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

function spokenAt({ last_message, opened_at }: Conversation): number {
  return Date.parse(last_message?.sent_at ?? opened_at)
}
