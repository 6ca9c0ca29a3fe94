/** Conversations that one has marked as unread. */
import type { components } from './schema'
import { call } from './http'

export type UnreadMark = components['schemas']['UnreadMarkOut']

const path = (id: number) => `/api/conversations/${id}/unread-mark`

export const listUnreadMarks = async (): Promise<UnreadMark[]> => (await call<{ items: UnreadMark[] }>('GET', '/api/unread-marks')).items
export const markUnread = (id: number) => call<void>('PUT', path(id), {})
export const unmarkUnread = (id: number) => call<void>('DELETE', path(id))
