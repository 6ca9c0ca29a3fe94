import type { Tile, TileKind } from '@/api/monitor'

/** The catalogue, in the order in which tiles are offered. */
export const TILES: readonly TileKind[] = ['waiting', 'oldest', 'attainment', 'overdue', 'owed', 'active', 'opened', 'closing', 'agents', 'trend']
/** Pictures turn no colour. */
export const PLAIN: ReadonlySet<TileKind> = new Set(['agents', 'trend'])

const USUAL: Partial<Record<TileKind, Pick<Tile, 'amber' | 'red'>>> = {
  waiting: { amber: 10, red: 30 },
  oldest: { amber: 180, red: 300 },
  attainment: { amber: 90, red: 80 },
  overdue: { amber: 1, red: 5 },
}

export const FIRST_TILES: readonly TileKind[] = ['waiting', 'oldest', 'attainment', 'overdue', 'agents', 'trend']

export function usualTile(kind: TileKind): Tile {
  return { kind, amber: null, red: null, ...USUAL[kind] }
}
