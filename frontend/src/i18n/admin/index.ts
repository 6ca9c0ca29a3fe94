/** Words of the administration pages: they come with those pages, not with the shell. */
import { speaker } from '../index'
import en from './en'
import zhCN from './zh-CN'

export type AdminText = typeof zhCN

export const { t, has } = speaker<AdminText>({ 'zh-CN': zhCN, en })

type Family = 'agents.log.reasons' | 'answers.kinds' | 'hooks.kind' | 'hooks.noAnswer' | 'check' | 'menu.types'

/** What has a name here, by that; what WeChat or a newer desk brings, as it is. */
export function nameOf(family: Family, raw: string): string {
  const key = `${family}.${raw}`
  return has(key) ? t(key) : raw
}
