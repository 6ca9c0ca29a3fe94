import type { Message } from '@/api/types'
import { contentOf } from '@/api/content'
import { kindText, t } from '@/i18n'
import { readable } from './emoji'

/** What a message says, in one line, faces as they look: of what is not text, first its kind. */
export function messageLine({ direction, kind, text, content = {} }: Pick<Message, 'direction' | 'kind' | 'text'> & { content?: Message['content'] }): string {
  if (kind === 'text') return readable(text)
  if (kind === 'subscribe' || kind === 'unsubscribe') return t(`message.${kind}`)
  const raw = contentOf<'event'>({ content }).raw_kind ?? kind
  const name = kindText(raw)
  if (direction === 'system' && name === raw) return t('message.happened', { kind: name })
  const seconds = contentOf<'voice'>({ content }).media?.seconds
  return `${t('message.other', { kind: seconds ? `${name} ${clockOf(seconds)}` : name })} ${readable(text)}`.trim()
}

/** 0:05 */
export function clockOf(seconds: number): string {
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
