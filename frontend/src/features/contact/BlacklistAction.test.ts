import type { Contact } from '@/api/types'
import { fireEvent, render, screen } from '@testing-library/vue'
import { beforeEach, expect, it } from 'vitest'
import { Desk } from '../../../dev/desk'
import BlacklistAction from './BlacklistAction.vue'

const ACCOUNT = { id: 1, slug: 'demo', name: '拾光家居', simulated: true, sync_tags: true, blacklist_at_wechat: false }
let contact: Contact

beforeEach(() => {
  contact = new Desk().contact('老客户')
})

it.each([true, false])('proposes to blacklist at WeChat as the account is set: %s', async (blacklist_at_wechat) => {
  render(BlacklistAction, { props: { contact, account: { ...ACCOUNT, blacklist_at_wechat } } })

  await fireEvent.click(screen.getByRole('button', { name: '加入黑名单' }))

  expect((await screen.findByRole('switch')).getAttribute('aria-checked')).toBe(String(blacklist_at_wechat))
})
