/** Words of what is done with conversations: they come with the first dialog. */
import { speaker } from '@/i18n'
import en from './en'
import zhCN from './zh-CN'

export type ActWords = typeof zhCN

export const { t: say } = speaker<ActWords>({ 'zh-CN': zhCN, en })
