import { expect, it } from 'vitest'
import { locale } from '@/i18n'
import { deviceText } from './deviceText'

it.each([
  ['Chrome', 'Windows', 'Chrome · Windows', 'Chrome · Windows'],
  ['WeChat', 'iPhone', '微信 · iPhone', 'WeChat · iPhone'],
  ['Huawei Browser', 'HarmonyOS', '华为浏览器 · 鸿蒙', 'Huawei Browser · HarmonyOS'],
  ['', 'Linux', 'Linux', 'Linux'],
  ['', '', '未知设备', 'Unknown device'],
])('%s on %s', (browser, system, chinese, english) => {
  expect(deviceText({ browser, system })).toBe(chinese)
  locale.value = 'en'
  expect(deviceText({ browser, system })).toBe(english)
  locale.value = 'zh-CN'
})
