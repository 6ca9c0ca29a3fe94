import type { Media } from '@/api/content'
import type { MediaKind, MediaLimits, Uploaded } from '@/api/media'
import type { OwnFile } from '@/stores/messages'
import { useEventListener } from '@vueuse/core'
import { defineStore } from 'pinia'
import { shallowReactive, shallowRef, watch } from 'vue'
import { Problem } from '@/api/http'
import * as api from '@/api/media'
import { useConnection } from './connection'
import { playTimeOf } from './playTime'
import { useSession } from './session'

/** On its way; with the desk and fit for WeChat; too large, a smaller one is offered; not possible; may be tried again. */
export type UploadState = 'uploading' | 'ready' | 'offered' | 'refused' | 'failed'
export type SentKind = Exclude<MediaKind, 'thumb'>

export interface Upload extends OwnFile {
  readonly key: number
  readonly conversationId: number
  readonly kind: SentKind
  readonly name: string
  readonly file: Blob
  preview: string | null
  progress: number
  state: UploadState
  /** What the desk has; the smaller one, where that is offered. */
  media: Media | null
  problem: Problem | null
  /** Of a video: what stands with it, and the number of its cover. */
  title: string
  description: string
  cover: Media | null
}

/** As many as a phone picks at once. */
export const MOST_FILES = 9

/** Files that an agent is about to send, by conversation: they go on while another conversation is open. */
export const useUploads = defineStore('uploads', () => {
  const session = useSession()
  const connection = useConnection()
  const byConversation = shallowReactive(new Map<number, readonly Upload[]>())
  const limits = shallowRef<MediaLimits | null>(null)
  const cancelling = new Map<Upload, AbortController>()
  const removed = new WeakSet<Upload>()
  const going = new Map<Upload, Promise<void>>()
  let last = 0

  function of(conversationId: number): readonly Upload[] {
    return byConversation.get(conversationId) ?? []
  }

  /** What WeChat takes; without it the desk alone checks. */
  async function learn(): Promise<void> {
    limits.value ??= await api.getLimits().catch(() => null)
  }

  /** @throws {Problem} too_many_files. */
  async function add(conversationId: number, file: Blob, { name, kind }: { name: string, kind: SentKind | null }): Promise<void> {
    if (of(conversationId).length >= MOST_FILES) throw new Problem('too_many_files', 0, { most: MOST_FILES })
    const upload = begun(conversationId, file, name, kind ?? 'image', ++last)
    byConversation.set(conversationId, [...of(conversationId), upload])
    await underway(upload, begin(upload, kind))
  }

  async function begin(upload: Upload, kind: SentKind | null): Promise<void> {
    await learn()
    const problem = whyNot(upload.file, kind, limits.value) ?? await whyTooLong(upload.file, kind, limits.value)
    if (removed.has(upload)) return
    if (problem) refuse(upload, problem)
    else await give(upload)
  }

  /** Once more from the beginning. */
  async function retry(upload: Upload): Promise<void> {
    Object.assign(upload, { state: 'uploading', progress: 0, problem: null })
    await underway(upload, give(upload))
  }

  /** Whoever needs the file can wait for it. */
  async function underway(upload: Upload, work: Promise<void>): Promise<void> {
    going.set(upload, work)
    await work
    going.delete(upload)
  }

  async function give(upload: Upload): Promise<void> {
    const cancel = new AbortController()
    cancelling.set(upload, cancel)
    try {
      const uploaded = await api.uploadMedia(upload.kind, upload.file, upload.name, {
        progress: (share) => { upload.progress = share },
        signal: cancel.signal,
      })
      await accept(upload, uploaded)
    }
    catch (error) {
      if (!(error instanceof Problem)) throw error
      if (error.passing) Object.assign(upload, { state: 'failed', problem: error })
      else refuse(upload, error)
    }
    finally {
      cancelling.delete(upload)
    }
  }

  async function accept(upload: Upload, uploaded: Uploaded): Promise<void> {
    if (uploaded.usable) return void Object.assign(upload, { state: 'ready', media: uploaded })
    if (upload.kind !== 'image') return refuse(upload, new Problem(uploaded.problem ?? 'unexpected', 422))
    const media = await api.makeSmaller(uploaded.id)
    // Another type becomes a JPEG without a word; that it is smaller, one has to agree.
    Object.assign(upload, { media, state: uploaded.problem === 'type' ? 'ready' : 'offered' })
  }

  function refuse(upload: Upload, problem: Problem): void {
    Object.assign(upload, { state: 'refused', problem })
  }

  /** Send the smaller one. */
  function shrink(upload: Upload): void {
    upload.state = 'ready'
  }

  /** What stands with a video. */
  function describe(upload: Upload, words: Partial<Pick<Upload, 'title' | 'description' | 'cover'>>): void {
    Object.assign(upload, words)
  }

  function remove(upload: Upload): void {
    byConversation.set(upload.conversationId, of(upload.conversationId).filter(other => other !== upload))
    removed.add(upload)
    cancelling.get(upload)?.abort()
    release(upload)
  }

  /** What was sent and taken back: the desk still has the file. */
  function giveBack(conversationId: number, kind: SentKind, media: Media, words: Partial<Pick<Upload, 'title' | 'description' | 'cover'>>): void {
    const upload = begun(conversationId, new Blob(), media.name ?? '', kind, ++last)
    byConversation.set(conversationId, [...of(conversationId), Object.assign(upload, { state: 'ready', progress: 1, media, ...words })])
  }

  /** Out of the tray and into the thread: what is ready or on its way. */
  function take(conversationId: number): Upload[] {
    const taken = of(conversationId).filter(({ state }) => state === 'ready' || state === 'uploading')
    byConversation.set(conversationId, of(conversationId).filter(upload => !taken.includes(upload)))
    return taken
  }

  /**
   * The file at the desk; it is uploaded again if that failed.
   *
   * @throws {Problem} why it is not there.
   */
  async function arrived(upload: Upload): Promise<Media & { id: number }> {
    if (upload.state === 'failed') await retry(upload)
    else await going.get(upload)
    if (upload.state === 'offered') shrink(upload) // it was sent before its size was known
    if (upload.state !== 'ready') throw upload.problem ?? new Problem('unexpected', 0)
    return upload.media as Media & { id: number }
  }

  /** Its preview is no longer needed. */
  function release(upload: Upload): void {
    if (upload.preview) URL.revokeObjectURL(upload.preview)
    upload.preview = null
  }

  /** Another agent begins with an empty tray. */
  function clear(): void {
    for (const upload of [...byConversation.values()].flat()) remove(upload)
    byConversation.clear()
  }

  function any(): boolean {
    return [...byConversation.values()].some(uploads => uploads.length > 0)
  }

  watch(() => session.agent?.id, (agent, before) => {
    if (before !== undefined && agent !== before) clear()
  }, { flush: 'sync' })
  // The network is back: what did not get through goes again, by itself.
  watch(() => connection.state, (state) => {
    if (state !== 'live') return
    for (const upload of [...byConversation.values()].flat()) {
      if (upload.state === 'failed' && upload.problem?.passing) void retry(upload)
    }
  })
  useEventListener(window, 'beforeunload', event => any() && event.preventDefault())

  return { limits, of, learn, add, retry, shrink, describe, remove, giveBack, take, arrived, release }
})

function begun(conversationId: number, file: Blob, name: string, kind: SentKind, key: number): Upload {
  const preview = file.type.startsWith('image/') ? URL.createObjectURL(file) : null
  const words = { title: kind === 'video' ? name.replace(/\.\w+$/, '') : '', description: '' }
  return shallowReactive<Upload>({ key, conversationId, kind, name, file, preview, progress: 0, state: 'uploading', media: null, problem: null, cover: null, ...words })
}

/** The kind in which WeChat takes a file; none for documents and the like. */
export function kindOf({ type, name }: Pick<File, 'type' | 'name'>): SentKind | null {
  if (/\.(?:amr|spx)$/i.test(name)) return 'voice' // browsers do not know them
  const family = type.split('/')[0]
  return family === 'audio' ? 'voice' : family === 'image' || family === 'video' ? family : null
}

/** What the desk makes fit may travel: large pictures, other types; the rest is refused before. */
export function whyNot(file: Blob, kind: SentKind | null, limits: MediaLimits | null): Problem | null {
  if (kind === null) return new Problem('not_a_kind', 0)
  if (file.size === 0) return new Problem('empty_file', 0)
  const limit = limits?.[kind]
  if (!limit) return null
  const fits = limit.types.includes(file.type)
  // Of sounds browsers know too many names.
  if (kind !== 'voice' && !fits && !limit.made_of.includes(file.type)) return new Problem('wrong_type', 0, { type: file.type })
  const most = kind === 'video' && fits ? limit.max_bytes : limit.max_upload_bytes
  return file.size > most ? new Problem('file_too_large', 0, { size: file.size, most }) : null
}

/** The desk cuts off the second by which a recording is stopped too late. */
const GRACE_SECONDS = 1

async function whyTooLong(file: Blob, kind: SentKind | null, limits: MediaLimits | null): Promise<Problem | null> {
  const most = kind === 'voice' ? limits?.voice.max_seconds : null
  const seconds = most ? await playTimeOf(file) : null
  return most && seconds && seconds > most + GRACE_SECONDS ? new Problem('too_long', 0, { max_seconds: most }) : null
}
