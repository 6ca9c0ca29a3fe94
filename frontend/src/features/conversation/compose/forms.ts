/** The forms of the kinds that are written, not picked: their fields and what each must hold. */
import type { Component } from 'vue'
import type { ThreadKey } from '../words'
import type { Form, FormKind } from './wordings'
import { AppWindow, ListTree, Music, Newspaper, PanelsTopLeft, Ticket } from '@lucide/vue'
import { say } from '../words'

type Words = Exclude<keyof Form, 'thumb' | 'lines'>

export interface Field {
  key: keyof Form
  label: ThreadKey
  hint?: ThreadKey
  /** As many characters as the desk takes. */
  longest: number
  optional?: boolean
  is?: 'url' | 'app' | 'id' | 'path' | 'thumb' | 'lines'
}

const TITLE: Field = { key: 'title', label: 'form.title', longest: 200 }
const DESCRIPTION: Field = { key: 'description', label: 'form.description', longest: 200 }
const THUMB: Field = { key: 'thumb', label: 'form.thumb', longest: 0, is: 'thumb' }

export const FORMS: Record<FormKind, { icon: Component, fields: readonly Field[] }> = {
  news: {
    icon: Newspaper,
    fields: [TITLE, DESCRIPTION, { key: 'url', label: 'form.url', longest: 2048, is: 'url' }, { key: 'picture_url', label: 'form.picture', longest: 2048, is: 'url' }],
  },
  music: {
    icon: Music,
    fields: [TITLE, DESCRIPTION, { key: 'url', label: 'form.audio', longest: 2048, is: 'url' }, { key: 'hq_url', label: 'form.hq', longest: 2048, is: 'url', optional: true }, THUMB],
  },
  miniprogrampage: {
    icon: AppWindow,
    fields: [
      TITLE,
      { key: 'app_id', label: 'form.appId', longest: 18, is: 'app' },
      { key: 'page_path', label: 'form.path', longest: 1024, is: 'path' },
      THUMB,
    ],
  },
  mpnewsarticle: { icon: PanelsTopLeft, fields: [{ key: 'article_id', label: 'form.articleId', hint: 'form.articleHint', longest: 128, is: 'id' }] },
  msgmenu: {
    icon: ListTree,
    fields: [
      { key: 'head', label: 'form.head', longest: 1000, optional: true },
      { key: 'lines', label: 'form.lines', longest: 200, is: 'lines' },
      { key: 'tail', label: 'form.tail', longest: 1000, optional: true },
    ],
  },
  wxcard: { icon: Ticket, fields: [{ key: 'card_id', label: 'form.cardId', hint: 'form.cardHint', longest: 128, is: 'id' }] },
}

export const FORM_KINDS = Object.keys(FORMS) as FormKind[]

/** As many lines as the desk takes. */
export const MOST_LINES = 20

const URL_FORM = /^https?:\/\/[\x21-\x7E]+$/
const APP_ID_FORM = /^wx[\da-z]{16}$/i
const ID_FORM = /^[\x21-\x7E]+$/

/** What is wrong with a field, in words; nothing when it is well. */
export function faultOf(field: Field, form: Form): string {
  if (field.is === 'thumb') return form.thumb ? '' : say('form.required')
  if (field.is === 'lines') return form.lines.some(line => line.trim()) ? '' : say('form.needLines')
  const written = form[field.key as Words].trim()
  if (!written) return field.optional ? '' : say('form.required')
  if (field.is === 'url' && !URL_FORM.test(written)) return say('form.needUrl')
  if (field.is === 'app' && !APP_ID_FORM.test(written)) return say('form.needAppId')
  return field.is === 'id' && !ID_FORM.test(written) ? say('form.needId') : ''
}
