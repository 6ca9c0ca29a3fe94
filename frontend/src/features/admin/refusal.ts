import type { Problem } from '@/api/http'
import { problemText } from '@/i18n'
import { has, t } from '@/i18n/admin'

export interface Told { text: string, code: string }

/** Why it did not work and what to do, and a code to quote. */
export function told({ code, facts }: Problem): Told {
  const refused = `refused.${code}`
  if (has(refused)) return { text: t(refused, facts), code }
  if (code !== 'wechat_refused') return { text: problemText(code, facts), code }
  const key = `errcode.${facts.errcode}`
  return {
    text: has(key) ? t(key) : t('errcode.other', { errmsg: facts.errmsg }),
    code: `${code} ${facts.errcode}`,
  }
}
