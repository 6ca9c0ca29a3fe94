import { expect, it } from 'vitest'
import { forwarded, LONGEST_QUOTE, quoted, quoteOf } from './quote'

it('quotes a line, and whose it is', () => {
  expect(quoteOf('订单还没到')).toBe('「订单还没到」\n')
  expect(quoteOf('订单还没到', '张女士')).toBe('「张女士：订单还没到」\n')
})

it('makes one line of several', () => {
  expect(quoteOf(' 第一行\n\n第二行\t完 ')).toBe('「第一行 第二行 完」\n')
})

it('cuts what is long, and no character in two', () => {
  expect(quoteOf('长'.repeat(LONGEST_QUOTE))).toBe(`「${'长'.repeat(LONGEST_QUOTE)}」\n`)
  expect(quoteOf('😀'.repeat(LONGEST_QUOTE + 1))).toBe(`「${'😀'.repeat(LONGEST_QUOTE)}…」\n`)
})

it('stands above a reply, and below a note that goes on to say for whom', () => {
  expect(quoted('「在吗」\n', '在的')).toBe('「在吗」\n在的')
  expect(forwarded('「在吗」\n', '')).toBe('「在吗」\n@')
  expect(forwarded('「在吗」\n', '先看这个 \n')).toBe('先看这个\n「在吗」\n@')
})
