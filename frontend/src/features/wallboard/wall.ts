/** What a wall shows, and how: values, tones and rows of tiles. Pure. */
import type { Tile, TileKind, Wall } from '@/api/monitor'
import { countdown } from '@/composables/deadline'

export type Tone = 'calm' | 'near' | 'late'

/** What is compared with a tile's bounds; null: nothing to compare. */
export function numberOf(kind: TileKind, { figures, at }: Pick<Wall, 'figures' | 'at'>, now = Date.parse(at)): number | null {
  switch (kind) {
    case 'oldest': return figures.oldest === null ? 0 : Math.max(0, Math.floor((now - Date.parse(figures.oldest)) / 1000))
    case 'attainment': return figures.attainment === null ? null : Math.floor(figures.attainment * 100)
    case 'agents': case 'trend': return null
    default: return figures[kind]
  }
}

export function textOf(kind: TileKind, value: number | null): string {
  if (value === null) return '–'
  if (kind === 'oldest') return countdown(value * 1000)
  return kind === 'attainment' ? `${value}%` : String(value)
}

/** Of a share less is worse, of all else more. */
export function toneOf({ kind, amber, red }: Tile, value: number | null): Tone {
  if (value === null) return 'calm'
  const isBeyond = (bound: number | null | undefined): boolean => typeof bound === 'number' && (kind === 'attainment' ? value < bound : value >= bound)
  return isBeyond(red) ? 'late' : isBeyond(amber) ? 'near' : 'calm'
}

const WIDE: ReadonlySet<TileKind> = new Set(['waiting', 'agents', 'trend'])

export function weightOf({ kind }: Tile): number {
  return WIDE.has(kind) ? 2 : 1
}

/** Tiles in rows of about the same weight, none above `most`, in their order. */
export function rowsOf(tiles: readonly Tile[], most: number): Tile[][] {
  const whole = tiles.reduce((sum, tile) => sum + weightOf(tile), 0)
  const rows = Math.ceil(whole / most)
  const target = whole / rows
  const found: Tile[][] = []
  let weight = Number.POSITIVE_INFINITY
  for (const tile of tiles) {
    const own = weightOf(tile)
    const isFull = weight + own > most || (weight >= target && found.length < rows)
    if (isFull) found.push([])
    weight = isFull ? own : weight + own
    found.at(-1)!.push(tile)
  }
  return found
}

export type Standing = 'online' | 'full' | 'busy' | 'away' | 'paused' | 'offline'

export function standingOf({ presence, paused, load, capacity }: Wall['agents'][number]): Standing {
  if (presence !== 'online') return presence
  if (paused) return 'paused'
  return load >= capacity ? 'full' : 'online'
}

/** Columns for so many places in a field of this shape. */
export function columnsFor(count: number, aspect: number): number {
  const wide = 1.4 // of a place, beside its height
  return Math.max(1, Math.min(count, Math.round(Math.sqrt(count * aspect / wide))))
}
