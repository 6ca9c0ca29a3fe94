/** Which rows are chosen, and from where a range begins. Pure. */
export interface Selection { ids: ReadonlySet<number>, anchor: number | null }

export const NONE: Selection = { ids: new Set(), anchor: null }

/** So many at once are enough for anybody, and for the desk. */
export const MOST = 100

export function toggled({ ids }: Selection, id: number): Selection {
  const next = new Set(ids)
  if (!next.delete(id) && next.size < MOST) next.add(id)
  return { ids: next, anchor: id }
}

/** From where the last one was chosen up to here, as the list stands. */
export function ranged({ ids, anchor }: Selection, id: number, order: readonly number[]): Selection {
  const [from, to] = [anchor === null ? -1 : order.indexOf(anchor), order.indexOf(id)]
  if (from < 0 || to < 0) return toggled({ ids, anchor }, id)
  const between = order.slice(Math.min(from, to), Math.max(from, to) + 1)
  return { ids: new Set([...new Set([...ids, ...between])].slice(0, MOST)), anchor }
}

export function all(order: readonly number[]): Selection {
  return { ids: new Set(order.slice(0, MOST)), anchor: order[0] ?? null }
}

/** What is no more in the list is chosen no more. */
export function kept({ ids, anchor }: Selection, order: readonly number[]): Selection {
  const here = new Set(order)
  return { ids: new Set([...ids].filter(id => here.has(id))), anchor: anchor !== null && here.has(anchor) ? anchor : null }
}
