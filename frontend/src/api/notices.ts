/** The bell: what one is to hear of though one looks elsewhere. */
import type { components } from './schema'
import { call, query } from './http'

type Schemas = components['schemas']

export type Notice = Schemas['NoticeOut']
export type NoticeKind = Notice['kind']
/** How many are not read, and which kinds are muted. */
export type Bell = Schemas['BellOut']
export type NoticePage = Schemas['NoticePage']

export const listNotices = (cursor: number | null) => call<NoticePage>('GET', `/api/notices${query({ cursor })}`)
export const readNotices = (which: { up_to: number } | { ids: number[] }) => call<Bell>('POST', '/api/notices/read', which)
export const muteNotices = (kinds: readonly NoticeKind[]) => call<Bell>('PUT', '/api/notices/muted', { kinds })
