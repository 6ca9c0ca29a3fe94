import { COMPOSER_ID } from './useTake'

/** Writes into the reply box, where the cursor is; whether there is one. */
export function insertIntoReply(text: string): boolean {
  const box = document.getElementById(COMPOSER_ID) as HTMLTextAreaElement | null
  if (!box) return false
  box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end')
  box.dispatchEvent(new Event('input', { bubbles: true }))
  return true
}
