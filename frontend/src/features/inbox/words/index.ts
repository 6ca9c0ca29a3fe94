/** Words of the list beyond its rows. */
import { speaker } from '@/i18n'
import en from './en'
import zhCN from './zh-CN'

export type InboxWords = typeof zhCN

export const { t: say } = speaker<InboxWords>({ 'zh-CN': zhCN, en })
