/** Files on their way to and from the desk. */
import type { Media } from './content'
import { call, csrfHeader, Problem, problemTold, query, UNREACHABLE } from './http'

export type MediaKind = 'image' | 'voice' | 'video' | 'thumb'
/** What WeChat takes; `types` are MIME types. Of those in `made_of` the desk makes it; it takes no file beyond `max_upload_bytes`. */
export interface MediaLimit { types: string[], max_bytes: number, max_seconds?: number | null, made_of: string[], max_upload_bytes: number }
export type MediaLimits = Record<MediaKind, MediaLimit>
/** A file that the desk has; `problem` says why WeChat would not take it. */
export interface Uploaded extends Media { id: number, kind: MediaKind, usable: boolean, problem: string | null }

export const originalOf = (id: number) => `/api/media/${id}`
export const thumbOf = (id: number) => `/api/media/${id}/thumb`
export const playableOf = (id: number) => `/api/media/${id}/play`

export const getLimits = () => call<MediaLimits>('GET', '/api/media/limits')
/** The same picture, small enough for WeChat. */
export const makeSmaller = (id: number) => call<Uploaded>('POST', `/api/media/${id}/smaller`, {})

export interface Watching { progress: (share: number) => void, signal: AbortSignal }

/**
 * Give the desk a file. `fetch` does not tell how far it is; the older way does.
 *
 * @throws {Problem} as `call`; `cancelled` when the signal said so.
 */
export function uploadMedia(kind: MediaKind, file: Blob, name: string, { progress, signal }: Watching): Promise<Uploaded> {
  const request = new XMLHttpRequest()
  request.open('POST', `/api/media${query({ kind, name })}`)
  for (const [header, value] of Object.entries(csrfHeader())) request.setRequestHeader(header, value)
  request.setRequestHeader('accept', 'application/json')
  request.setRequestHeader('content-type', file.type || 'application/octet-stream')
  return new Promise((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => progress(loaded / (total || 1))
    request.onload = () => request.status < 300 ? resolve(told(request) as unknown as Uploaded) : reject(problemTold(request.status, told(request)))
    request.onerror = () => reject(new Problem(UNREACHABLE, 0))
    request.onabort = () => reject(new Problem('cancelled', 0))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}

function told({ responseText }: XMLHttpRequest): Record<string, unknown> {
  try {
    return JSON.parse(responseText) as Record<string, unknown>
  }
  catch {
    return {}
  }
}
