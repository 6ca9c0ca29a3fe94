/** What happened with a customer. */
import type { components } from './schema'
import type { Page } from './types'
import { call } from './http'

export type Entry = components['schemas']['TimelineEntry']
export type EntryKind = Entry['kind']

export function getTimeline(contactId: number, kinds: readonly EntryKind[], cursor: string | null): Promise<Page<Entry>> {
  const wanted = new URLSearchParams([...kinds.map(kind => ['kind', kind]), ...cursor ? [['cursor', cursor]] : []])
  return call('GET', `/api/contacts/${contactId}/timeline?${wanted}`)
}
