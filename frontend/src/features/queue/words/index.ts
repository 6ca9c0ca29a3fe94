import { speaker } from '@/i18n'
import en from './en'
import zhCN from './zh-CN'

export type QueueWords = Record<keyof typeof zhCN, string>

export const { t: say } = speaker<typeof zhCN>({ 'zh-CN': zhCN, en })
