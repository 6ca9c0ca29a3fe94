/** Words of the customer's details. */
import { speaker } from '@/i18n'
import en from './en'
import zhCN from './zh-CN'

export type ContactWords = typeof zhCN

export const { t: say, has } = speaker<ContactWords>({ 'zh-CN': zhCN, en })
