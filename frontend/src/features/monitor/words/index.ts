/** Words of the monitor: they come with its pages. */
import { speaker } from '@/i18n'
import en from './en'
import zhCN from './zh-CN'

export type MonitorWords = typeof zhCN

export const { t: say, has } = speaker<MonitorWords>({ 'zh-CN': zhCN, en })
