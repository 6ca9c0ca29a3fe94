/** Words of one's own settings. */
import { speaker } from '@/i18n'
import en from './en'
import zhCN from './zh-CN'

export type SettingsWords = typeof zhCN

export const { t: say, has } = speaker<SettingsWords>({ 'zh-CN': zhCN, en })
