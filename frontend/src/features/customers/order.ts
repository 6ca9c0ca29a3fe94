import { shallowRef } from 'vue'

/** The numbers of the customers in the table, as they stand there: profiles step through them. */
export const order = shallowRef<readonly number[]>([])

/** Who stands beside somebody; undefined at the ends, and where they are not in the table. */
export function besideOf(ids: readonly number[], id: number, by: 1 | -1): number | undefined {
  const at = ids.indexOf(id)
  return at < 0 ? undefined : ids[at + by]
}
