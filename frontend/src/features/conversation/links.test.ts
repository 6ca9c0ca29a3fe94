import { expect, it } from 'vitest'
import { partsOf } from './links'

it.each([
  ['没有链接', []],
  ['看 https://a.example/x?y=1。谢谢', ['https://a.example/x?y=1']],
  ['(https://a.example/b).', ['https://a.example/b']],
  ['https://a.example/wiki/A_(b)', ['https://a.example/wiki/A_(b)']],
  ['http://a.example,http://b.example', ['http://a.example,http://b.example']],
  ['地址https://a.example/路径', ['https://a.example/']],
  ['https://a.example/\u202Egnp.exe', ['https://a.example/']],
  ['javascript:alert(1) <img src=x onerror=alert(1)>', []],
])('finds the addresses in %s', (text, addresses) => {
  expect(partsOf(text).flatMap(({ href }) => href ?? [])).toEqual(addresses)
})

it('loses no character', () => {
  const text = '先 https://a.example/x,然后 https://b.example/y!完'
  expect(partsOf(text).map(part => part.text).join('')).toBe(text)
})
