/** What a rule says: the kinds, their fields, and what is still missing. */
import type { Said } from '@/api/admin'
import type { MediaKind } from '@/api/media'

export type FieldName = 'text' | 'title' | 'description' | 'url' | 'hq_url' | 'picture_url' | 'app_id' | 'page_path' | 'article_id' | 'card_id' | 'head' | 'tail' | 'items' | 'media' | 'thumb'
export type Fault = 'url' | 'id'
/** `label`: where a field is called otherwise than its name says. */
export interface Field { name: FieldName, as: 'line' | 'text' | 'plain' | 'url' | 'id' | 'items' | MediaKind, optional?: boolean, label?: 'audio_url' }
export type Fields = { kind: string } & Partial<Record<FieldName, unknown>>
export interface Item { id: string, content: string }

const line = (name: FieldName, optional = false): Field => ({ name, as: 'line', optional })
const url = (name: FieldName, optional = false): Field => ({ name, as: 'url', optional })
const id = (name: FieldName): Field => ({ name, as: 'id' })

export const KINDS: Record<string, readonly Field[]> = {
  text: [{ name: 'text', as: 'text' }],
  image: [{ name: 'media', as: 'image' }],
  voice: [{ name: 'media', as: 'voice' }],
  video: [{ name: 'media', as: 'video' }, line('title', true), line('description', true), { name: 'thumb', as: 'thumb', optional: true }],
  music: [line('title'), line('description'), { ...url('url'), label: 'audio_url' }, url('hq_url', true), { name: 'thumb', as: 'thumb' }],
  news: [line('title'), line('description'), url('url'), url('picture_url')],
  miniprogrampage: [line('title'), id('app_id'), { name: 'page_path', as: 'plain' }, { name: 'thumb', as: 'image' }],
  mpnewsarticle: [id('article_id')],
  msgmenu: [line('head', true), { name: 'items', as: 'items' }, line('tail', true)],
  wxcard: [id('card_id')],
}

export const isWritable = (kind: string): boolean => kind in KINDS

export function blankOf(kind: string): Said {
  const fields = Object.fromEntries((KINDS[kind] ?? []).map(({ name, as }) => [name, as === 'items' ? [] : isFile(as) ? null : '']))
  return { kind, ...fields } as unknown as Said
}

export function isFile(as: Field['as']): as is MediaKind {
  return as === 'image' || as === 'voice' || as === 'video' || as === 'thumb'
}

export function missingOf(said: Said): FieldName[] {
  const fields = said as unknown as Fields
  return (KINDS[said.kind] ?? []).filter(({ name, optional }) => !optional && isBlank(fields[name])).map(({ name }) => name)
}

/** What is written, and cannot be right; as the desk says it. */
const FORMS: Record<Fault, RegExp> = { url: /^https?:\/\/[\x21-\x7E]+$/, id: /^[\x21-\x7E]{1,128}$/ }

export function faultOf({ name, as }: Field, said: Said): Fault | null {
  if (as !== 'url' && as !== 'id') return null
  const value = (said as unknown as Fields)[name]
  return typeof value !== 'string' || value === '' || FORMS[as].test(value) ? null : as
}

export const isComplete = (said: Said): boolean => missingOf(said).length === 0 && (KINDS[said.kind] ?? []).every(field => !faultOf(field, said))

function isBlank(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'string' ? value.trim() === '' : value === null || value === undefined
}

/** `1 查快递`, one a line; without a number it gets that of its place. */
export function itemsOf(text: string): Item[] {
  return text.split('\n').map(row => row.trim()).filter(row => row !== '').map((row, at) => {
    const [, id, content] = /^([\x21-\x7E]{1,64})\s+(\S.*)$/.exec(row) ?? []
    return id && content ? { id, content } : { id: String(at + 1), content: row }
  })
}

export const itemsText = (items: readonly Item[]): string => items.map(({ id, content }) => `${id} ${content}`).join('\n')

/** In one line, for lists. */
export function shortOf(said: Said): string {
  const fields = said as unknown as Fields
  const words = [fields.text, fields.title, fields.head, fields.article_id, fields.card_id].find(word => typeof word === 'string' && word !== '')
  return typeof words === 'string' ? words : ''
}
