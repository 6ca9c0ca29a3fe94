/** What is said beyond text: how it looks until the desk has it, and what is asked of the desk. */
import type { Contents, Media, Saying } from '@/api/content'
import type { Wording } from '@/stores/messages'
import type { Upload } from '@/stores/uploads'

/** A file from the tray; it may still be on its way to the desk. */
export function fileWording(upload: Upload, arrived: (upload: Upload) => Promise<{ id: number }>): Wording {
  const { kind, title, description, cover } = upload
  const media = upload.media ?? { id: null, state: 'waiting' }
  const content = kind === 'video' ? { media, title, description, ...(cover && { thumb: cover }) } : { media }
  return {
    kind,
    text: kind === 'video' ? title : '',
    content,
    file: upload,
    saying: async () => {
      const { id } = await arrived(upload)
      return kind === 'video' ? { kind, media: id, thumb: cover?.id ?? null, title, description } : { kind, media: id }
    },
  }
}

export type FormKind = 'news' | 'music' | 'miniprogrampage' | 'mpnewsarticle' | 'msgmenu' | 'wxcard'

/** What stands in a form; the fields of one kind are a part of it. */
export interface Form {
  title: string
  description: string
  url: string
  picture_url: string
  hq_url: string
  app_id: string
  page_path: string
  article_id: string
  card_id: string
  thumb: Media | null
  head: string
  lines: string[]
  tail: string
}

export function emptyForm(): Form {
  return { title: '', description: '', url: '', picture_url: '', hq_url: '', app_id: '', page_path: '', article_id: '', card_id: '', thumb: null, head: '', lines: ['', ''], tail: '' }
}

/** What the form says, in the shape of a message. */
export function contentOfForm(kind: FormKind, written: Form): Partial<Contents[FormKind]> {
  const form = trimmed(written)
  const { title, description, url, picture_url, hq_url, app_id, page_path, article_id, card_id, head, tail } = form
  const thumb = form.thumb ?? undefined
  const items = form.lines.filter(Boolean).map((content, at) => ({ id: String(at + 1), content }))
  return {
    news: { title, description, url, picture_url },
    music: { title, description, url, hq_url, thumb },
    miniprogrampage: { title, app_id, page_path, thumb },
    mpnewsarticle: { article_id },
    msgmenu: { head, items, tail },
    wxcard: { card_id },
  }[kind]
}

export function formWording(kind: FormKind, form: Form): Wording {
  const content = contentOfForm(kind, form) as Record<string, unknown>
  const files = form.thumb && 'thumb' in content ? { thumb: form.thumb.id } : {}
  return {
    kind,
    text: form.title.trim() || form.head.trim(),
    content,
    saying: async () => ({ kind, ...content, ...files }) as Saying,
  }
}

function trimmed(form: Form): Form {
  const words = Object.entries(form).map(([key, value]) => [key, typeof value === 'string' ? value.trim() : value])
  return { ...Object.fromEntries(words) as Form, lines: form.lines.map(line => line.trim()) }
}
