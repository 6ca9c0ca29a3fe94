/** The files of the stand-in desk: what was brought, and a few that it paints itself. */
import type { Media } from '../src/api/content'
import type { MediaKind, MediaLimits, Uploaded } from '../src/api/media'

interface Stored { media: Media, bytes: Uint8Array<ArrayBuffer> }

const MEGABYTE = 1024 ** 2

export const LIMITS: MediaLimits = {
  image: { types: ['image/jpeg', 'image/png', 'image/gif'], max_bytes: 10 * MEGABYTE, max_seconds: null, made_of: ['image/bmp', 'image/webp'], max_upload_bytes: 64 * MEGABYTE },
  voice: { types: ['audio/amr', 'audio/mpeg'], max_bytes: 2 * MEGABYTE, max_seconds: 60, made_of: ['audio/ogg', 'audio/wav', 'audio/webm'], max_upload_bytes: 64 * MEGABYTE },
  video: { types: ['video/mp4'], max_bytes: 10 * MEGABYTE, max_seconds: null, made_of: ['video/quicktime', 'video/webm'], max_upload_bytes: 64 * MEGABYTE },
  thumb: { types: ['image/jpeg'], max_bytes: 64 * 1024, max_seconds: null, made_of: ['image/bmp', 'image/gif', 'image/png', 'image/webp'], max_upload_bytes: 64 * MEGABYTE },
}

/** Not yet fetched from WeChat. */
export const ABSENT: Media = { id: null, state: 'waiting', content_type: null, size_bytes: null, width: null, height: null, seconds: null, thumb: null, play: null, name: null }

export class MediaShelf {
  #stored = new Map<number, Stored>()

  keep(bytes: Uint8Array<ArrayBuffer>, facts: Partial<Media>): Media & { id: number } {
    const id = this.#stored.size + 1
    const media = { ...ABSENT, state: 'ready' as const, size_bytes: bytes.length, ...facts, id }
    this.#stored.set(id, { media, bytes })
    return media
  }

  /** A picture of two colours. */
  paint(width: number, height: number, [one, other]: [string, string]): Media {
    const drawn = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${one}"/><circle cx="60%" cy="45%" r="28%" fill="${other}"/></svg>`
    return this.keep(new TextEncoder().encode(drawn), { content_type: 'image/svg+xml', width, height, thumb: true })
  }

  /** A humming of so many seconds. */
  hum(seconds: number): Media {
    return this.keep(wave(seconds), { content_type: 'audio/wav', seconds, play: true })
  }

  upload(kind: MediaKind, name: string, type: string, bytes: Uint8Array<ArrayBuffer>): Uploaded {
    const media = this.keep(bytes, { content_type: type, name, thumb: kind !== 'voice', play: kind !== 'image', ...(kind === 'voice' && { seconds: 4 }) })
    const isOther = kind === 'image' && !LIMITS.image.types.includes(type)
    const problem = isOther ? 'type' : bytes.length > LIMITS[kind].max_bytes ? 'too_large' : null
    return { ...media, kind, usable: problem === null, problem }
  }

  smaller(id: number): Uploaded {
    const { media, bytes } = this.#stored.get(id)!
    const small = this.keep(bytes, { ...media, content_type: 'image/jpeg', size_bytes: Math.round(LIMITS.image.max_bytes * 0.9) })
    return { ...small, kind: 'image', usable: true, problem: null }
  }

  get(id: number): Media | undefined {
    return this.#stored.get(id)?.media
  }

  answer(id: number): Response | null {
    const stored = this.#stored.get(id)
    return stored ? new Response(stored.bytes, { headers: { 'content-type': stored.media.content_type ?? 'application/octet-stream' } }) : null
  }
}

const RATE = 8000

function wave(seconds: number): Uint8Array<ArrayBuffer> {
  const count = RATE * seconds
  const view = new DataView(new ArrayBuffer(44 + count))
  const words: [number, string][] = [[0, 'RIFF'], [8, 'WAVE'], [12, 'fmt '], [36, 'data']]
  for (const [at, word] of words) [...word].forEach((letter, nth) => view.setUint8(at + nth, letter.charCodeAt(0)))
  const numbers: [number, number][] = [[4, 36 + count], [16, 16], [20, 0x10001], [24, RATE], [28, RATE], [32, 0x80001], [40, count]]
  for (const [at, number] of numbers) view.setUint32(at, number, true)
  for (let at = 0; at < count; at++) view.setUint8(44 + at, 128 + 40 * Math.sin(at * 0.17))
  return new Uint8Array(view.buffer)
}
