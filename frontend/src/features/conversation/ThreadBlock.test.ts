import type { Message } from '@/api/types'
import { render, screen } from '@testing-library/vue'
import { beforeEach, expect, it, vi } from 'vitest'
import { useSession } from '@/stores/session'
import { Desk } from '../../../dev/desk'
import ThreadBlock from './ThreadBlock.vue'

let own: Message

beforeEach(async () => {
  const desk = new Desk()
  desk.me = desk.agent('周小雨')
  own = desk.say(desk.write(desk.contact(), '在吗').conversation_id, desk.me, '您好')
  vi.stubGlobal('fetch', desk.fetch)
  await useSession().ask()
})

it.each([
  [{ rule: { id: 3, name: '下班告知' } }, '自动回复 · 下班告知'],
  [{ keeper: true }, '窗口提醒'],
  [{}, '系统'],
])('names who speaks where nobody wrote: %j', (content, name) => {
  render(ThreadBlock, { props: { block: { kind: 'bubbles', key: '1', own: true, messages: [{ ...own, author: null, content }] }, contact: undefined } })

  expect(screen.getByText(name)).toBeTruthy()
})
