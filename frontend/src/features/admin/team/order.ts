/** A list after one of its things has been put at another place. */
export function movedTo<Thing>(things: readonly Thing[], from: number, to: number): Thing[] {
  const order = [...things]
  const [moved] = order.splice(from, 1)
  if (moved === undefined) return order
  order.splice(Math.max(0, Math.min(to, order.length)), 0, moved)
  return order
}
