/** Words of what is told beside the page while it is open. */
import { speaker } from '@/i18n'
import en from './en'
import zhCN from './zh-CN'

export type AlertingWords = typeof zhCN

export const { t: say } = speaker<AlertingWords>({ 'zh-CN': zhCN, en })
