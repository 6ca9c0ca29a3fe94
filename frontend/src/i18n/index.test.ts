import { expect, it } from 'vitest'
import adminEn from './admin/en'
import adminZhCN from './admin/zh-CN'
import en from './en'
import { locale, problemText, reasonText, t } from './index'
import zhCN from './zh-CN'

interface Tree { [key: string]: string | Tree }

function leaves(tree: Tree, path = ''): [key: string, text: string][] {
  return Object.entries(tree).flatMap(([key, value]) => typeof value === 'string'
    ? [[`${path}${key}`, value] as [string, string]]
    : leaves(value, `${path}${key}.`))
}

const names = (text: string): string[] => [
  ...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)),
].sort()

const WORDS = [{ of: 'the shell', chinese: zhCN, english: en }, { of: 'the administration', chinese: adminZhCN, english: adminEn }]

it.each(WORDS)('names the same values in both languages: $of', ({ chinese, english: other }) => {
  const english = new Map(leaves(other))
  expect(leaves(chinese).filter(([key, text]) => names(text).join() !== names(english.get(key) ?? '').join())).toEqual([])
})

it.each(WORDS)('speaks proper Chinese punctuation: $of', ({ chinese }) => {
  expect(leaves(chinese).filter(([, text]) => /[\u4E00-\u9FFF][,:;?!]/.test(text))).toEqual([])
})

it('explains a code, and an unknown one with the code', () => {
  expect(problemText('taken', { assignee: '王敏' })).toBe('已由 王敏 接入。')
  expect(problemText('brand_new')).toContain('brand_new')
  expect(reasonText('busy')).toBe('微信繁忙')
})

it('chooses between one and many', () => {
  locale.value = 'en'
  expect([1, 12].map(n => t('live.catching_up', { n }))).toEqual(['Catching up: 1 change', 'Catching up: 12 changes'])
  locale.value = 'zh-CN'
  expect(t('live.catching_up', { n: 12 })).toBe('正在补上 12 条变化')
})

it('keeps the values it is given as they are', () => {
  expect(t('thread.owner', { name: '@a|b{c}' })).toBe('@a|b{c} 正在接待')
})
