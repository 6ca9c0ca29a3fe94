/** What the desk itself did with a conversation, in a line of the thread. */
import type { ShownMessage } from '@/stores/messages'
import { breakText } from '@/composables/presence'
import { has, t } from '@/i18n'

/** Of the desk, not of the customer. */
export const DESK_KINDS: ReadonlySet<string> = new Set(['taken', 'assigned', 'given_back', 'handed_over', 'put_back', 'taken_over', 'joined', 'left', 'closed', 'closed_by_itself', 'abandoned'])

export interface DeskLine {
  line: string
  /** In somebody's own words: why, or for whoever gets it. */
  words?: string
}

interface Told { rule?: string, reason?: string, message?: string, ending?: string }

/** `nameOf`: the name a person goes by now. */
export function deskLineOf({ kind, author, content }: Pick<ShownMessage, 'kind' | 'author' | 'content'>, nameOf: (person: { id: number, name: string }) => string): DeskLine | null {
  if (!DESK_KINDS.has(kind)) return null
  const { rule, reason, message, ending } = content as Told
  const name = author ? nameOf(author) : ''
  const plain = t(`desk.${kind}${author ? '' : 'Nobody'}` as 'desk.taken', { name })
  const because = kind === 'assigned' ? reasonOf('byRule', rule) : kind === 'put_back' ? reasonOf('because', ending) : ''
  return {
    line: because ? t('desk.line', { line: plain, because }) : plain,
    words: message ?? (reason === undefined ? undefined : breakText(reason)),
  }
}

function reasonOf(group: 'byRule' | 'because', code: string | undefined): string {
  const key = `desk.${group}.${code}`
  return code !== undefined && has(key) ? t(key) : ''
}
