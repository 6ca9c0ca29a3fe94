import { afterEach, expect, it } from 'vitest'
import { locale } from '@/i18n'
import { clockOf, messageLine } from './messageLine'

afterEach(() => { locale.value = 'zh-CN' })

it.each([
  ['image', '', {}, '[图片]', '[Picture]'],
  ['voice', '', { media: { seconds: 5.2 } }, '[语音 0:05]', '[Voice 0:05]'],
  ['video', '安装', {}, '[视频] 安装', '[Video] 安装'],
  ['location', '文三路 90 号', {}, '[位置] 文三路 90 号', '[Location] 文三路 90 号'],
  ['file', '户型图.pdf', {}, '[文件] 户型图.pdf', '[File] 户型图.pdf'],
  ['something_new', '', {}, '[something_new]', '[something_new]'],
])('tells %s in a line in both languages', (kind, text, content, chinese, english) => {
  const line = () => messageLine({ direction: 'in', kind, text, content })

  expect(line()).toBe(chinese)
  locale.value = 'en'
  expect(line()).toBe(english)
})

it.each([
  ['complaint', '漏发配件', '[维权] 漏发配件'],
  ['payment', '8820461937750216649', '[支付] 8820461937750216649'],
  ['event', '', '发生了事件 event'],
])('tells of an event of kind %s what is known of it', (kind, text, line) => {
  expect(messageLine({ direction: 'system', kind, text })).toBe(line)
})

it('tells a text as it is', () => {
  expect(messageLine({ direction: 'in', kind: 'text', text: '[图片]' })).toBe('[图片]')
})

it('tells how long something is as a clock does', () => {
  expect([0.4, 5, 59.6, 61].map(clockOf)).toEqual(['0:00', '0:05', '1:00', '1:01'])
})
