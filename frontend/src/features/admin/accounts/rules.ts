/** The table of what WeChat allows, as it is edited. Pure. */
import type { Policy, Rule, RuleTable } from '@/api/admin'

export type Unit = 'seconds' | 'minutes' | 'hours'
export const UNITS: readonly Unit[] = ['seconds', 'minutes', 'hours']
const SECONDS: Record<Unit, number> = { seconds: 1, minutes: 60, hours: 3600 }

/** As wechat/policies.py has them. */
const HIGHEST_COUNT = 1_000_000
const LONGEST_SECONDS = 366 * 24 * 3600

/** A rule in fields: texts as they are typed; a count that is empty is as many as one likes. */
export interface RuleForm extends Pick<Rule, 'grant' | 'triggers'> { count: string, lasts: string, unit: Unit }

export function formOf({ grant, triggers, count, seconds }: Rule): RuleForm {
  const unit = UNITS.findLast(one => seconds % SECONDS[one] === 0)!
  return { grant, triggers, count: count === null ? '' : String(count), lasts: String(seconds / SECONDS[unit]), unit }
}

export function ruleOf({ grant, triggers, count, lasts, unit }: RuleForm): Rule {
  return { grant, triggers, count: count.trim() === '' ? null : Number(count), seconds: Number(lasts) * SECONDS[unit] }
}

export function isRight(form: RuleForm): boolean {
  const { count, seconds } = ruleOf(form)
  return (count === null || isWithin(count, HIGHEST_COUNT)) && isWithin(seconds, LONGEST_SECONDS)
}

function isWithin(value: number, highest: number): boolean {
  return Number.isInteger(value) && value > 0 && value <= highest
}

/** The payment row where official pages disagree: 48 hours without a count. */
export const PAYMENT: RuleForm = { grant: 'payment', triggers: ['payment'], count: '', lasts: '48', unit: 'hours' }

export function hasPayment(rules: readonly Pick<Rule, 'triggers'>[]): boolean {
  return rules.some(({ triggers }) => triggers.includes('payment'))
}

/** The table as it was published. */
export function publishedOf({ known }: Policy, name: string): RuleTable | undefined {
  return known.find(table => table.name === name)
}

/** Do they grant the same? */
export function isSame(one: Pick<RuleTable, 'renewal' | 'rules'>, other: Pick<RuleTable, 'renewal' | 'rules'>): boolean {
  return one.renewal === other.renewal && JSON.stringify(one.rules.map(sorted)) === JSON.stringify(other.rules.map(sorted))
}

function sorted({ grant, triggers, count, seconds }: Rule): unknown[] {
  return [grant, triggers, count, seconds]
}
