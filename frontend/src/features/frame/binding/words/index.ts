/** Words of binding one's WeChat: they come with its dialog. */
import { speaker } from '@/i18n'
import en from './en'
import zhCN from './zh-CN'

export type BindingWords = typeof zhCN

export const { t: say } = speaker<BindingWords>({ 'zh-CN': zhCN, en })
