/** Words on walls. */
import { speaker } from '@/i18n'
import en from './en'
import zhCN from './zh-CN'

export type WallWords = typeof zhCN

export const { t: say } = speaker<WallWords>({ 'zh-CN': zhCN, en })
