/** Words of the thread beyond plain text; loaded with the first picture, event or tool. */
import { speaker } from '@/i18n'
import en from './en'
import zhCN from './zh-CN'

export type ThreadWords = typeof zhCN

export const { t: say, has } = speaker<ThreadWords>({ 'zh-CN': zhCN, en })

export type ThreadKey = Parameters<typeof say>[0]
