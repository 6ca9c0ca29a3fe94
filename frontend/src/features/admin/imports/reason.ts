import type { Import } from '@/api/admin'
import { reasonText } from '@/i18n'
import { has, t } from '@/i18n/admin'

/** Why an import does not go on: by WeChat's number what to do, else the desk's word for it. */
export function reasonOf({ errcode, error }: Import): string {
  const key = `errcode.${errcode}`
  return has(key) ? t(key, { errmsg: '' }) : reasonText(error)
}
