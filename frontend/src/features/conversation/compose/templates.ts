/** Filling in a template: values in, values out. */
import type { Contents } from '@/api/content'
import type { Template } from '@/api/templates'
import type { Wording } from '@/stores/wording'

export type Values = Record<string, string>
type Field = Template['fields'][number]
export type Fault = 'form.required' | 'template.tooLong'

/** Source: template messages, "name": ten Chinese characters or twenty letters. */
const NAME_WIDTH = 20

export function faultOf({ key, kind, longest }: Field, values: Values): Fault | null {
  const value = (values[key] ?? '').trim()
  if (value === '') return 'form.required'
  const tooLong = kind === 'name' ? widthOf(value) > NAME_WIDTH : longest !== null && [...value].length > longest
  return tooLong ? 'template.tooLong' : null
}

/** What the customer reads, line by line; what is not filled in yet shows what WeChat takes there. */
export function linesOf({ content, fields }: Template, values: Values): string[] {
  const kinds = Object.fromEntries(fields.map(({ key, kind }) => [key, kind]))
  const filled = content.replace(/\{\{\s*(\w+)\.DATA\s*\}\}/g, (_, key: string) => values[key]?.trim() || `〔${kinds[key] ?? key}〕`)
  return filled.split('\n').map(line => line.trim()).filter(Boolean)
}

/** The words before a value, as its label: "订单号：{{…}}". */
export function labelOf({ content }: Template, key: string): string {
  const line = content.split('\n').find(one => one.includes(`{{${key}.DATA}}`)) ?? ''
  return line.split('{{')[0]!.replace(/[:：\s]+$/, '').trim() || key
}

export function templateWording(template: Template, values: Values, url: string): Wording {
  const data = Object.fromEntries(template.fields.map(({ key }) => [key, (values[key] ?? '').trim()]))
  const labels = Object.fromEntries(template.fields.map(({ key }) => [key, labelOf(template, key)]))
  const content: Partial<Contents['template']> = { template_id: template.id, title: template.title, data, labels, url }
  return {
    kind: 'template',
    text: template.title,
    content,
    saying: async () => ({ kind: 'template', template_id: template.id, title: template.title, data, labels, url: url || null, mini_program: null }),
  }
}

function widthOf(text: string): number {
  return [...text].reduce((width, char) => width + (char.charCodeAt(0) < 128 ? 1 : 2), 0)
}
