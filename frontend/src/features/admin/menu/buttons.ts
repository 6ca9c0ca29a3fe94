/** The buttons of a menu while they are edited: values in, values out. */
import type { MenuButton, SubButton } from '@/api/admin'

export const FIELDS = ['key', 'url', 'app_id', 'page_path', 'media_id', 'article_id'] as const
export type Field = typeof FIELDS[number]

/** Opens the buttons below it. */
export const SUB = 'sub'

/** What WeChat takes by its API, and the fields each cannot do without. Source: 自定义菜单, menu/create. */
export const NEEDS = {
  click: ['key'],
  view: ['url'],
  miniprogram: ['app_id', 'page_path', 'url'],
  scancode_push: ['key'],
  scancode_waitmsg: ['key'],
  pic_sysphoto: ['key'],
  pic_photo_or_album: ['key'],
  pic_weixin: ['key'],
  location_select: ['key'],
  media_id: ['media_id'],
  view_limited: ['media_id'],
  article_id: ['article_id'],
  article_view_limited: ['article_id'],
} as const satisfies Record<string, readonly Field[]>

export type ButtonType = keyof typeof NEEDS
export const TYPES = Object.keys(NEEDS) as ButtonType[]

/** Source: 自定义菜单, menu/create; bytes of UTF-8. */
export const LIMITS = { buttons: 3, subButtons: 5, name: 16, subName: 60, key: 128, url: 1024 } as const

/** A button as the editor has it: every field is there, empty or not, so that changing the type and back loses nothing. */
export interface Draft extends Record<Field, string> {
  /** For the editor only. */
  id: number
  type: string
  name: string
  sub: Draft[]
}

export interface Problem { id: number, field: Field | 'name' | 'sub', code: ProblemCode, limit?: number }
type ProblemCode = 'name_missing' | 'name_too_long' | `${Field}_missing` | 'key_too_long' | 'url_bad' | 'url_too_long' | 'sub_missing'

let last = 0

export function emptyDraft(type: string = 'click'): Draft {
  return { id: ++last, type, name: '', key: '', url: '', app_id: '', page_path: '', media_id: '', article_id: '', sub: [] }
}

export function draftOf(button: SubButton & { sub?: SubButton[] }): Draft {
  const below = (button.sub ?? []).map(draftOf)
  const draft = { ...emptyDraft(below.length ? SUB : button.type ?? SUB), name: button.name, sub: below }
  for (const field of FIELDS) draft[field] = button[field] ?? ''
  return draft
}

/** As it is published: with what its type needs, and nothing else. */
export function buttonOf(draft: Draft): MenuButton {
  if (draft.type === SUB) return { name: draft.name.trim(), sub: draft.sub.map(({ sub: _, ...one }) => bare(one)) }
  return { ...bare(draft), sub: [] }
}

function bare(draft: Omit<Draft, 'sub'>): SubButton {
  const given = fieldsOf(draft.type).map(field => [field, draft[field].trim()] as const).filter(([, text]) => text !== '')
  return { type: draft.type, name: draft.name.trim(), ...Object.fromEntries(given) }
}

/** What a type is asked for; of one we do not know, whatever it brought. */
export function fieldsOf(type: string): readonly Field[] {
  if (type === SUB) return []
  return isType(type) ? NEEDS[type] : FIELDS
}

export function isType(type: string): type is ButtonType {
  return type in NEEDS
}

export function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}

/** How long the name of a button may be. */
export function nameLimit(top: boolean): number {
  return top ? LIMITS.name : LIMITS.subName
}

/** Why WeChat would not take them, in the order they stand in. */
export function problemsOf(buttons: readonly Draft[]): Problem[] {
  return buttons.flatMap(button => [
    ...problemsOfOne(button, true),
    ...button.type === SUB ? button.sub.flatMap(one => problemsOfOne(one, false)) : [],
  ])
}

function problemsOfOne(draft: Draft, top: boolean): Problem[] {
  const found: Omit<Problem, 'id'>[] = []
  const name = draft.name.trim()
  if (name === '') found.push({ field: 'name', code: 'name_missing' })
  if (bytesOf(name) > nameLimit(top)) found.push({ field: 'name', code: 'name_too_long', limit: nameLimit(top) })
  if (draft.type === SUB && draft.sub.length === 0) found.push({ field: 'sub', code: 'sub_missing' })
  if (isType(draft.type)) found.push(...NEEDS[draft.type].flatMap(field => problemOfField(field, draft[field].trim())))
  return found.map(one => ({ id: draft.id, ...one }))
}

function problemOfField(field: Field, text: string): Omit<Problem, 'id'>[] {
  if (text === '') return [{ field, code: `${field}_missing` }]
  if (field === 'key' && bytesOf(text) > LIMITS.key) return [{ field, code: 'key_too_long', limit: LIMITS.key }]
  if (field === 'url' && bytesOf(text) > LIMITS.url) return [{ field, code: 'url_too_long', limit: LIMITS.url }]
  if (field === 'url' && !/^https?:\/\/./i.test(text)) return [{ field, code: 'url_bad' }]
  return []
}

/** One place to the front or to the back. */
export function moved(row: readonly Draft[], id: number, by: -1 | 1): Draft[] {
  const at = row.findIndex(one => one.id === id)
  const to = at + by
  if (at < 0 || to < 0 || to >= row.length) return [...row]
  return row.map((one, place) => place === at ? row[to]! : place === to ? row[at]! : one)
}
