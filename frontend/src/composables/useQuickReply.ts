import type { Known } from './quickReply'
import type { QuickReply } from '@/api/quickReplies'
import type { Contact } from '@/api/types'
import { nextTick } from 'vue'
import { t } from '@/i18n'
import { useContacts } from '@/stores/contacts'
import { useQuickReplies } from '@/stores/quickReplies'
import { useSession } from '@/stores/session'
import { filled, holesIn } from './quickReply'
import { COMPOSER_ID } from './useTake'

/** Writes a quick reply where the cursor is in the reply box; the first thing to fill in is chosen. */
export function useQuickReply(): { insert: (reply: QuickReply, contact: Contact, replacing?: number) => void } {
  const replies = useQuickReplies()
  const contacts = useContacts()
  const session = useSession()

  function knownOf(contact: Contact): Known {
    const { remark, name, level } = contacts.newest(contact)
    return { 称呼: remark || name || t('quick.you'), 等级: level.name, 我的昵称: session.alias }
  }

  /** `replacing`: so many characters before the cursor, which asked for it. */
  function insert(reply: QuickReply, contact: Contact, replacing = 0): void {
    const box = document.getElementById(COMPOSER_ID) as HTMLTextAreaElement | null
    if (!box) return
    const text = filled(reply.text, knownOf(contact))
    const at = box.selectionStart - replacing
    box.focus()
    box.setRangeText(text, at, box.selectionEnd, 'end')
    box.dispatchEvent(new Event('input', { bubbles: true }))
    replies.count(reply)
    const hole = holesIn(text, [reply])[0]
    if (hole) void nextTick(() => box.setSelectionRange(at + text.indexOf(hole), at + text.indexOf(hole) + hole.length))
  }

  return { insert }
}
