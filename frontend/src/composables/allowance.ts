/** What WeChat still lets the desk send, as the desk reckons it (desk/allowance/grants.py). Pure. */
import type { Allowance, Grant } from '@/api/types'

export interface Forecast {
  /** So many more, after what waits to be sent; null: no count. */
  left: number | null
  /** Of so many that were granted; null: no count. */
  of: number | null
  /** When the last grant with something left expires; null: nothing may be sent. */
  closesAt: number | null
  /** From here on nothing is begun under it any more: a message needs time to leave. */
  endsAt: number | null
  /** Something is open, but used up. */
  spent: boolean
}

interface Open { count: number | null, left: number | null, expiresAt: number, endsAt: number }

/** What may be sent from `now` on, by the desk's clock. */
export function forecastOf({ grants, reserved, margin_seconds: margin }: Allowance, now: number): Forecast {
  const usable = grants.map(grant => opened(grant, margin * 1000)).filter(({ endsAt }) => now < endsAt)
  for (let waiting = reserved; waiting > 0; waiting--) {
    const payer = firstToExpire(usable)
    if (!payer || payer.left === null) break
    payer.left -= 1
  }
  const worth = usable.filter(({ left }) => left !== 0)
  const last = worth.toSorted((one, other) => other.expiresAt - one.expiresAt)[0]
  return {
    left: sumOf(worth.map(({ left }) => left)),
    of: sumOf(usable.map(({ count }) => count)),
    closesAt: last?.expiresAt ?? null,
    endsAt: last?.endsAt ?? null,
    spent: worth.length === 0 && usable.length > 0,
  }
}

function opened({ count, left, opened_at, expires_at }: Grant, marginMs: number): Open {
  const [from, expiresAt] = [Date.parse(opened_at), Date.parse(expires_at)]
  return { count, left, expiresAt, endsAt: expiresAt - Math.min(marginMs, (expiresAt - from) / 6) }
}

function firstToExpire(grants: readonly Open[]): Open | undefined {
  return grants.filter(({ left }) => left !== 0).toSorted((one, other) => one.expiresAt - other.expiresAt)[0]
}

function sumOf(counts: readonly (number | null)[]): number | null {
  return counts.reduce<number | null>((sum, count) => sum === null || count === null ? null : sum + count, 0)
}

export function takes({ left }: Forecast, sends: number): boolean {
  return left === null || left >= sends
}

/** When the window closes, as the desk sorts its views by it: without regard to what waits. */
export function windowOf({ grants }: Allowance): { closesAt: number, left: number | null } | null {
  const worth = grants.filter(({ left }) => left !== 0).map(({ left, expires_at }) => ({ left, closesAt: Date.parse(expires_at) }))
  return worth.toSorted((one, other) => other.closesAt - one.closesAt)[0] ?? null
}

/** So soon is soon, as the desk's view has it. */
export const CLOSING_MS = 2 * 3_600_000
const URGENT_MS = 30 * 60_000

/** How much it matters: nobody waits; soon; very soon, or the last one; too late, and an answer is owed. */
export type Tone = 'calm' | 'near' | 'urgent' | 'over'

export function toneOf({ left, endsAt }: Forecast, now: number, owed: boolean): Tone {
  if (!owed) return 'calm'
  if (endsAt === null) return 'over'
  if (endsAt - now <= URGENT_MS) return 'urgent'
  return endsAt - now <= CLOSING_MS || left === 1 ? 'near' : 'calm'
}
