import type { Message } from '@/api/types'
import { render, screen } from '@testing-library/vue'
import { beforeEach, expect, it } from 'vitest'
import { signedIn } from '../../../dev/signedIn'
import ThreadBlock from './ThreadBlock.vue'

let own: Message

beforeEach(async () => {
  const desk = await signedIn()
  own = desk.say(desk.write(desk.contact(), '在吗').conversation_id, desk.me!, '您好')
})

it.each([
  [{ rule: { id: 3, name: '下班告知' } }, '自动回复 · 下班告知'],
  [{ keeper: true }, '窗口提醒'],
  [{}, '系统'],
])('names who speaks where nobody wrote: %j', (content, name) => {
  render(ThreadBlock, { props: { block: { kind: 'bubbles', key: '1', own: true, messages: [{ ...own, author: null, content }] }, contact: undefined } })

  expect(screen.getByText(name)).toBeTruthy()
})
