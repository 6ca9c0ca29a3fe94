/** Words of one's own sign-in: alias, password, devices. */
import { speaker } from '@/i18n'
import en from './en'
import zhCN from './zh-CN'

export type OwnWords = typeof zhCN

export const { t: say, has } = speaker<OwnWords>({ 'zh-CN': zhCN, en })
