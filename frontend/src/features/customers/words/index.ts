/** Words of the customers' page: they come with it. */
import { speaker } from '@/i18n'
import en from './en'
import zhCN from './zh-CN'

export type CustomerWords = typeof zhCN

export const { t: say, has } = speaker<CustomerWords>({ 'zh-CN': zhCN, en })
