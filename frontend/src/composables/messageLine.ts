import type { Message } from '@/api/types'
import { kindText, t } from '@/i18n'

/** What a message says, in one line; an honest line for a kind that cannot be shown yet. */
export function messageLine({ direction, kind, text, content }: Pick<Message, 'direction' | 'kind' | 'text'> & { content?: Message['content'] }): string {
  if (kind === 'text') return text
  if (kind === 'subscribe' || kind === 'unsubscribe') return t(`message.${kind}`)
  const raw = kindText(typeof content?.raw_kind === 'string' ? content.raw_kind : kind)
  return direction === 'system' ? t('message.happened', { kind: raw }) : text || t('message.unsupported', { kind: raw })
}
