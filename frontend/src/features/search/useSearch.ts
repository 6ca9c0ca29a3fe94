import type { ComputedRef, Ref, ShallowRef } from 'vue'
import type { Answer, Found, Group, Hit, PersonHit } from '@/api/search'
import { useTimeoutFn } from '@vueuse/core'
import { computed, shallowReactive, shallowRef } from 'vue'
import { Problem } from '@/api/http'
import * as api from '@/api/search'
import { useContacts } from '@/stores/contacts'

export const GROUPS: readonly Group[] = ['people', 'messages', 'notes']
/** Of each group, where all are shown together; and where one is shown alone. */
const FEW = 5
const MANY = 30
const SLOW_MS = 1_500

interface Results { people: Found<PersonHit> | null, messages: Found<Hit> | null, notes: Found<Hit> | null }

export interface Search {
  found: Results
  busy: ComputedRef<boolean>
  slow: Readonly<Ref<boolean>>
  problem: ShallowRef<Problem | null>
  unindexed: ShallowRef<number | null>
  begun: ShallowRef<boolean>
  ask: (words: string, of: Group | null) => Promise<void>
  more: () => Promise<void>
  cancel: () => void
  clear: () => void
}

/** One search after the other: each group is shown as soon as it is there, and a newer search drops the older. */
export function useSearch(): Search {
  const contacts = useContacts()
  const found = shallowReactive<Results>({ people: null, messages: null, notes: null })
  const waiting = shallowReactive(new Set<Group>())
  const slow = shallowRef(false)
  const problem = shallowRef<Problem | null>(null)
  const unindexed = shallowRef<number | null>(0)
  const begun = shallowRef(false)
  const last = shallowRef<{ words: string, of: Group | null }>({ words: '', of: null })
  const timer = useTimeoutFn(() => { slow.value = waiting.size > 0 }, SLOW_MS, { immediate: false })
  let asked = 0

  function cancel(): void {
    asked++
    waiting.clear()
    slow.value = false
  }

  function clear(): void {
    cancel()
    Object.assign(found, { people: null, messages: null, notes: null })
    problem.value = null
    begun.value = false
  }

  async function ask(words: string, of: Group | null): Promise<void> {
    cancel()
    if (words.trim() === '') return clear()
    if (words !== last.value.words) Object.assign(found, { people: null, messages: null, notes: null })
    last.value = { words, of }
    problem.value = null
    timer.start()
    await Promise.all((of ? [of] : GROUPS).map(group => read(group, of ? MANY : FEW, asked)))
    if (last.value.words === words) begun.value = true
  }

  async function more(): Promise<void> {
    const { of } = last.value
    const cursor = of && found[of]?.next
    if (of && cursor && !waiting.size) await read(of, MANY, asked, cursor)
  }

  async function read(group: Group, limit: number, mine: number, cursor: number | null = null): Promise<void> {
    waiting.add(group)
    try {
      const answer = await api.search(last.value.words, group, { cursor, limit })
      if (mine === asked) take(answer, cursor !== null)
    }
    catch (error) {
      if (!(error instanceof Problem)) throw error
      if (mine === asked) problem.value = error
    }
    finally {
      if (mine === asked) waiting.delete(group)
      if (!waiting.size) slow.value = false
    }
  }

  function take(answer: Answer, further: boolean): void {
    unindexed.value = answer.unindexed
    if (answer.people) found.people = joined(found.people, answer.people, further)
    if (answer.messages) found.messages = joined(found.messages, answer.messages, further)
    if (answer.notes) found.notes = joined(found.notes, answer.notes, further)
    for (const page of [answer.people, answer.messages, answer.notes]) page?.items.forEach(({ contact }) => contacts.put(contact))
  }

  return { found, busy: computed(() => waiting.size > 0), slow, problem, unindexed, begun, ask, more, cancel, clear }
}

/** The count was told with the first page. */
function joined<Item>(before: Found<Item> | null, page: Found<Item>, further: boolean): Found<Item> {
  return further && before ? { ...before, items: [...before.items, ...page.items], next: page.next } : page
}
