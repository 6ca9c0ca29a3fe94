/** Words for why a conversation waits, or went to somebody; loaded when somebody asks. */
import { speaker } from '@/i18n'
import en from './en'
import zhCN from './zh-CN'

export type WhyWords = typeof zhCN

export const { t: say, has } = speaker<WhyWords>({ 'zh-CN': zhCN, en })
