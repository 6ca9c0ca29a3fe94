/** Words of the bell. */
import { speaker } from '@/i18n'
import en from './en'
import zhCN from './zh-CN'

export type BellWords = typeof zhCN

export const { t: say } = speaker<BellWords>({ 'zh-CN': zhCN, en })
