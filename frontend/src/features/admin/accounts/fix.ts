import type { Check } from '@/api/admin'
import { has, t } from '@/i18n/admin'

/** WeChat's number stands before its words, or is named by the desk's: `WeChat refuses (40164 …)`. */
const ERRCODE = /(?:^|\()(-1|\d{5})\b/

/** What to do, in the reader's language: by WeChat's number, else by what was checked. */
export function fixOf({ name, detail }: Check): string {
  const errcode = ERRCODE.exec(detail)?.[1]
  const byCode = `errcode.${errcode}`
  if (has(byCode)) return t(byCode, { errmsg: detail })
  const byName = `fix.${errcode ? 'code' : name}`
  return has(byName) ? t(byName) : t('fix.busy')
}
