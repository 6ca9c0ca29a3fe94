import type { Component } from 'vue'
import type { ThreadKey } from '../words'
import type { Media } from '@/api/content'
import type { ShownMessage } from '@/stores/messages'
import { AppWindow, FileText, Link2, Music, Newspaper, Ticket } from '@lucide/vue'
import { contentOf } from '@/api/content'
import { sizeText } from '@/composables/sizeText'
import { say } from '../words'

/** Anything that WeChat shows as a card: a title, some words, perhaps a picture and somewhere to go. */
export interface Card {
  icon: Component
  label: ThreadKey
  title: string
  description: string
  picture?: Partial<Media>
  /** The picture is what the card is about. */
  tall?: boolean
  href?: string
  /** Worth copying: where it leads inside WeChat. */
  copy?: { text: string, label: ThreadKey }
  note?: string
}

const BUILDERS: Record<string, (message: ShownMessage) => Card> = {
  link: (message) => {
    const { title = '', description = '', url } = contentOf<'link'>(message)
    return { icon: Link2, label: 'card.link', title: title || url || '', description, href: url }
  },
  news: (message) => {
    const { title = '', description = '', url } = contentOf<'news'>(message)
    return { icon: Newspaper, label: 'card.news', title, description, href: url }
  },
  music: (message) => {
    const { title = '', description = '', url, hq_url, thumb } = contentOf<'music'>(message)
    return { icon: Music, label: 'card.music', title, description, picture: thumb, href: url || hq_url }
  },
  miniprogrampage: (message) => {
    const { title = '', page_path: path, thumb } = contentOf<'miniprogrampage'>(message)
    return {
      icon: AppWindow,
      label: 'card.miniprogrampage',
      title,
      description: '',
      picture: thumb,
      tall: true,
      ...(path && { note: say('card.path', { path }), copy: { text: path, label: 'card.copyPath' } }),
    }
  },
  file: (message) => {
    const { title = '', description = '', size_bytes: size } = contentOf<'file'>(message)
    return { icon: FileText, label: 'card.file', title, description: size ? sizeText(size) : description, note: say('card.fileHint') }
  },
  mpnewsarticle: message => ({ icon: Newspaper, label: 'card.mpnewsarticle', title: titleOf(message), description: say('card.article', { id: contentOf<'mpnewsarticle'>(message).article_id }) }),
  mpnews: message => ({ icon: Newspaper, label: 'card.mpnews', title: titleOf(message), description: say('card.material', { id: contentOf<'mpnews'>(message).media_id }) }),
  wxcard: message => ({ icon: Ticket, label: 'card.wxcard', title: titleOf(message), description: say('card.coupon', { id: contentOf<'wxcard'>(message).card_id }) }),
}

/** Null for what is no card. */
export function cardOf(message: ShownMessage): Card | null {
  return BUILDERS[message.kind]?.(message) ?? null
}

/** What WeChat will show is known to WeChat alone; the kind stands for it. */
function titleOf({ kind }: ShownMessage): string {
  return say(`card.${kind as 'mpnewsarticle' | 'mpnews' | 'wxcard'}`)
}
