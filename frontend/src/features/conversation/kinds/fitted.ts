import type { Media } from '@/api/content'

export interface Size { width: number, height: number }

/** Where a picture of unknown size will be. */
const UNKNOWN: Size = { width: 200, height: 150 }
const LARGEST: Size = { width: 260, height: 300 }
/** A strip stays something one can click. */
const SMALLEST = 64

/** How large a picture is shown in the thread, known before it is there, so that nothing moves when it comes. */
export function fitted({ width, height }: Partial<Pick<Media, 'width' | 'height'>>): Size {
  if (!width || !height) return UNKNOWN
  const scale = Math.min(1, LARGEST.width / width, LARGEST.height / height)
  return { width: Math.max(SMALLEST, Math.round(width * scale)), height: Math.max(SMALLEST, Math.round(height * scale)) }
}
