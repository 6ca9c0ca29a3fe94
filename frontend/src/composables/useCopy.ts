import { t } from '@/i18n'
import { useToasts } from '@/stores/toasts'

/** Copy a text and say so. */
export function useCopy(): (text: string) => Promise<void> {
  const toasts = useToasts()
  return async (text) => {
    await write(text)
    toasts.tell(t('common.copied'))
  }
}

async function write(text: string): Promise<void> {
  // Over plain http there is no clipboard; the old way still works there.
  if (window.isSecureContext) return navigator.clipboard.writeText(text)
  const field = document.createElement('textarea')
  field.value = text
  document.body.append(field)
  field.select()
  document.execCommand('copy')
  field.remove()
}
