import type { KeptDraft, Mode } from '@/api/drafts'
import { useEventListener } from '@vueuse/core'
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import * as api from '@/api/drafts'
import { Problem } from '@/api/http'
import { useClock } from './clock'
import { keysKept, readKept, whenKeptElsewhere, writeKept } from './kept'
import { useSession } from './session'

/** `at`: when it was written, in milliseconds of the desk's time; `unsaved`: the desk does not have it yet. */
interface Written { text: string, at: number, unsaved: boolean }

const PREFIX = 'wxdesk:draft:'
export const SAVE_AFTER_MS = 500
const NOTHING: Written = { text: '', at: 0, unsaved: false }

/**
 * What an agent has written and not sent: per agent, conversation and mode. It is the same on all their screens, as the
 * desk keeps it; this browser's copy, the same in all its tabs, is there also without the desk. The newer one wins.
 */
export const useDrafts = defineStore('drafts', () => {
  const session = useSession()
  const clock = useClock()
  const written = shallowReactive(new Map<string, Written>())
  /** The conversations in which this agent is writing a note, not a reply. */
  const noting = shallowReactive(new Set<number>())
  const timers = new Map<string, ReturnType<typeof setTimeout>>()

  function keyOf(conversationId: number, mode: Mode): string {
    return `${PREFIX}${session.agent?.id ?? 0}:${conversationId}${mode === 'note' ? ':note' : ''}`
  }

  function of(conversationId: number, mode: Mode = 'reply'): string {
    return read(keyOf(conversationId, mode)).text
  }

  function read(key: string): Written {
    return written.get(key) ?? readCopy(key)
  }

  function put(key: string, draft: Written): void {
    written.set(key, draft)
    writeKept(key, draft.text || draft.unsaved ? draft : null)
  }

  function keep(conversationId: number, text: string, mode: Mode = 'reply'): void {
    const key = keyOf(conversationId, mode)
    if (read(key).text === text) return
    put(key, { text, at: clock.moment().getTime(), unsaved: true })
    clearTimeout(timers.get(key))
    timers.set(key, setTimeout(() => void save(key), text ? SAVE_AFTER_MS : 0))
  }

  async function save(key: string): Promise<void> {
    const [conversationId, mode] = placeOf(key)
    const draft = read(key)
    clearTimeout(timers.get(key))
    timers.delete(key)
    if (!draft.unsaved) return
    try {
      const kept = await api.keepDraft(conversationId, { mode, text: draft.text, ...(draft.at && { written_at: new Date(draft.at).toISOString() }) })
      if (read(key) === draft) put(key, fromDesk(kept))
    }
    catch (error) {
      // What the desk does not want stays here; what did not reach it is saved when the line is back.
      if (error instanceof Problem && !error.passing && read(key) === draft) put(key, { ...draft, unsaved: false })
    }
  }

  /** From the desk: another screen has written, or something was sent. */
  function take(kept: KeptDraft): void {
    const key = keyOf(kept.conversation_id, kept.mode)
    const here = read(key)
    if (here.unsaved && here.at >= Date.parse(kept.written_at)) return
    put(key, fromDesk(kept))
  }

  /** Have what the desk keeps, and let it have what it missed. */
  async function load(): Promise<void> {
    const found = await api.listDrafts()
    const known = new Set(found.map(draft => keyOf(draft.conversation_id, draft.mode)))
    found.forEach(take)
    for (const key of ownKeys()) {
      if (read(key).unsaved) void save(key)
      else if (!known.has(key)) put(key, NOTHING)
    }
  }

  function ownKeys(): string[] {
    const own = `${PREFIX}${session.agent?.id ?? 0}:`
    return [...new Set([...written.keys(), ...keysKept(own)])].filter(key => key.startsWith(own))
  }

  whenKeptElsewhere(PREFIX, key => written.set(key, readCopy(key)))
  useEventListener(window, 'pagehide', () => [...timers.keys()].forEach(key => void save(key)))

  return { noting, of, keep, take, load }
})

/** Before drafts were kept at the desk they were texts alone. */
function readCopy(key: string): Written {
  const kept = readKept<Written | string>(key, NOTHING)
  return typeof kept === 'string' ? { text: kept, at: 0, unsaved: true } : kept
}

function fromDesk({ text, written_at }: KeptDraft): Written {
  return { text, at: Date.parse(written_at), unsaved: false }
}

function placeOf(key: string): [conversationId: number, mode: Mode] {
  const [, conversationId, mode] = key.slice(PREFIX.length).split(':')
  return [Number(conversationId), mode === 'note' ? 'note' : 'reply']
}
