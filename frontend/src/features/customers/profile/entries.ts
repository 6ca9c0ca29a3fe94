/** What happened, in words and by days: values in, values out. */
import type { Component } from 'vue'
import type { Entry, EntryKind } from '@/api/timeline'
import { Banknote, BellRing, Crown, MessagesSquare, MousePointerClick, PencilLine, QrCode, SquarePen, StickyNote, TriangleAlert, UserPlus } from '@lucide/vue'
import { say } from '../words'

export const KINDS: readonly EntryKind[] = ['session', 'note', 'field', 'level', 'change', 'follow', 'scan', 'menu', 'payment', 'complaint', 'template']

export const ICONS: Record<EntryKind, Component> = {
  session: MessagesSquare,
  note: StickyNote,
  field: PencilLine,
  level: Crown,
  change: SquarePen,
  follow: UserPlus,
  scan: QrCode,
  menu: MousePointerClick,
  payment: Banknote,
  complaint: TriangleAlert,
  template: BellRing,
}

/** What it is called: a line of a thread by its own kind, the rest by the kind of entry. */
export function titleOf({ kind, what, name }: Pick<Entry, 'kind' | 'what' | 'name'>): string {
  switch (what) {
    case 'unsubscribe': return say('did.unsubscribe')
    case 'remark': return say('did.remark')
    case 'tags': return say('did.tags')
    case 'joined': return say('did.joined')
    case 'parted': return say('did.parted')
    case 'push_shown': return say('did.pushShown')
    case 'revealed': return say('did.revealed', { name: name ?? '' })
  }
  return kind === 'field' ? say('did.field', { name: name ?? '' }) : say(`did.${kind}`)
}

export interface Day { key: string, at: string, entries: Entry[] }

/** Entries that are newest first, by the days of this place. */
export function daysOf(entries: readonly Entry[]): Day[] {
  const days: Day[] = []
  for (const entry of entries) {
    const key = new Date(entry.at).toDateString()
    if (days.at(-1)?.key === key) days.at(-1)!.entries.push(entry)
    else days.push({ key, at: entry.at, entries: [entry] })
  }
  return days
}

/** Where it can be read. */
export function placeOf({ conversation_id: talk, message_id: message }: Pick<Entry, 'conversation_id' | 'message_id'>): string | null {
  if (talk === null) return null
  return `/conversations/${talk}${message === null ? '' : `?message=${message}`}`
}
