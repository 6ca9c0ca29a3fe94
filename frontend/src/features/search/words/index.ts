/** Words of the search: they come with it. */
import { speaker } from '@/i18n'
import en from './en'
import zhCN from './zh-CN'

export type SearchWords = typeof zhCN

export const { t: say, has } = speaker<SearchWords>({ 'zh-CN': zhCN, en })
