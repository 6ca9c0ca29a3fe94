/** Words of the screens. A key that does not exist does not compile. */
import { shallowRef } from 'vue'
import en from './en'
import zhCN from './zh-CN'

export type Text = typeof zhCN
export type Locale = 'zh-CN' | 'en'
export type Values = Record<string, unknown>

interface Tree { [key: string]: string | Tree }
type Keys<Branch> = { [Key in keyof Branch & string]: Branch[Key] extends string ? Key : `${Key}.${Keys<Branch[Key]>}` }[keyof Branch & string]
export type TextKey = Keys<Text>

export const LOCALES: readonly Locale[] = ['zh-CN', 'en']

/** The language everything is shown in; what is drawn follows it. */
export const locale = shallowRef<Locale>('zh-CN')

export interface Speaker<Key extends string> {
  /** The words, `{name}` replaced by the value of that name; where a text has two forms (`one | many`), `n` chooses. */
  t: (key: Key, values?: Values) => string
  has: (key: string) => key is Key
}

/** Speaks from these words. The shell has its own; a part of the desk that is loaded later brings its own with it. */
export function speaker<Words extends Tree>(words: Record<Locale, Words>): Speaker<Keys<Words>> {
  const texts = { 'zh-CN': new Map(leaves(words['zh-CN'])), 'en': new Map(leaves(words.en)) }
  return {
    t: (key, values = {}) => {
      const [one, many] = (texts[locale.value].get(key) ?? key).split(' | ') as [string, string?]
      const form = many !== undefined && values.n !== 1 ? many : one
      return form.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
    },
    has: (key): key is Keys<Words> => texts['zh-CN'].has(key),
  }
}

function leaves(tree: Tree, path = ''): [key: string, text: string][] {
  return Object.entries(tree).flatMap(([key, value]) => typeof value === 'string' ? [[path + key, value]] : leaves(value, `${path}${key}.`))
}

export const { t, has } = speaker<Text>({ 'zh-CN': zhCN, en })

/** Codes grow on the server before they do here: an unknown one is told with its code. */
function known(group: 'problem' | 'reason' | 'kind', code: string): TextKey | null {
  const key = `${group}.${code}`
  return has(key) ? key : null
}

/** Why it did not work, in a sentence with the next step. */
export function problemText(code: string, facts: Values = {}): string {
  return t(known('problem', code) ?? 'problem.other', { code, ...facts })
}

/** Why WeChat did not take a message, in a few words. */
export function reasonText(code: string | null): string {
  return code === null ? t('reason.unknown') : t(known('reason', code) ?? 'reason.other', { code })
}

export function kindText(raw: string): string {
  return t(known('kind', raw) ?? 'kind.other', { raw })
}
