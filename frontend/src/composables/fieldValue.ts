/** Values of fields as people type them, and as they are kept: values in, values out. */
import type { Field, FieldValue } from '@/api/fields'
import { dayOf } from '@/ui/isoDay'

/** What is kept of what was typed; null: nothing; undefined: the field takes no such thing. */
export function valueOf({ kind }: Pick<Field, 'kind'>, typed: string): FieldValue | undefined {
  const text = typed.trim()
  if (text === '') return null
  if (kind === 'number') {
    const number = Number(text.replaceAll(/[,，\s]/g, ''))
    return Number.isFinite(number) ? number : undefined
  }
  if (kind === 'date') return dayOf(text) ?? undefined
  return isSecret({ kind }) && text.includes('*') ? undefined : text
}

/** Numbers of people: the desk shows them covered. */
export function isSecret({ kind }: Pick<Field, 'kind'>): boolean {
  return kind === 'phone' || kind === 'id_number' || kind === 'card_number'
}

export function typedOf(value: FieldValue | undefined): string {
  return value === null || value === undefined ? '' : String(value)
}
