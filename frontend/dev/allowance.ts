/** What the small desk's WeChat allows: five messages in 48 hours after one of the customer's. */
import type { LedgerEntry } from '../src/api/contacts.ts'
import type { Allowance, Contact, Grant, Message } from '../src/api/types.ts'

const COUNT = 5
const LASTS_MS = 48 * 3_600_000
const MARGIN_SECONDS = 60

export function noAllowance(): Allowance {
  return { grants: [], reserved: 0, margin_seconds: MARGIN_SECONDS }
}

export function granted(allowance: Allowance, at: string, more: Partial<Grant> = {}): Allowance {
  const expires_at = new Date(Date.parse(at) + LASTS_MS).toISOString()
  return { ...allowance, grants: [{ name: 'message', trigger: 'message', count: COUNT, left: COUNT, opened_at: at, expires_at, ...more }] }
}

export function spent(allowance: Allowance): Allowance {
  return { ...allowance, grants: allowance.grants.map(grant => ({ ...grant, left: grant.left && grant.left - 1 })) }
}

/** As many as may still be promised; null: no count. */
export function leftOf({ grants, reserved }: Allowance, now: number): { open: boolean, left: number | null } {
  const open = grants.filter(({ expires_at }) => now < Date.parse(expires_at))
  if (open.some(({ left }) => left === null)) return { open: true, left: null }
  return { open: open.length > 0, left: Math.max(0, open.reduce((sum, { left }) => sum + left!, 0) - reserved) }
}

/** What WeChat's own views need of a contact: when it closes, and how much the lasting grant is worth. */
export function windowOf({ allowance }: Contact): { closesAt: number, left: number | null } {
  const last = allowance.grants.filter(({ left }) => left !== 0).at(-1)
  return { closesAt: last ? Date.parse(last.expires_at) : 0, left: last && last.left !== null ? last.left - allowance.reserved : null }
}

export function entryOf(id: number, at: string, more: Partial<LedgerEntry>, message?: Message): LedgerEntry {
  return { id, at, turn: 'act', trigger: null, message: message ? { id: message.id, conversation_id: message.conversation_id, kind: message.kind, text: message.text } : null, ...more }
}
