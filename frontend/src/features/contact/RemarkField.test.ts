import type { Desk } from '../../../dev/desk'
import type { Contact } from '@/api/types'
import { fireEvent, render, screen, waitFor } from '@testing-library/vue'
import { beforeEach, expect, it } from 'vitest'
import { useToasts } from '@/stores/toasts'
import { signedIn } from '../../../dev/signedIn'
import RemarkField from './RemarkField.vue'

let desk: Desk
let contact: Contact

beforeEach(async () => {
  desk = await signedIn()
  contact = desk.contact('老客户')
})

async function write(remark: string): Promise<HTMLElement> {
  render(RemarkField, { props: { contact } })
  const field = screen.getByLabelText('备注名')
  await fireEvent.focus(field)
  await fireEvent.update(field, remark)
  await fireEvent.blur(field)
  return field
}

it('saves what was written when the field is left, and can be undone', async () => {
  await write('李女士')
  await waitFor(() => expect(desk.contacts.get(contact.id)?.remark).toBe('李女士'))
  await waitFor(() => expect(useToasts().shown).toHaveLength(1))

  useToasts().shown[0]!.action!.run()

  await waitFor(() => expect(desk.contacts.get(contact.id)?.remark).toBe('老客户'))
})

it('keeps what could not be saved in the field, and says why', async () => {
  desk.fault = method => method === 'PATCH' ? { status: 403, code: 'forbidden' } : undefined
  const field = await write('李女士')

  expect((await screen.findByText(/没有保存/)).textContent).toContain('权限')
  expect(field).toHaveProperty('value', '李女士')
})

it('gives up on Escape', async () => {
  render(RemarkField, { props: { contact } })
  const field = screen.getByLabelText('备注名')
  await fireEvent.update(field, '写错了')
  await fireEvent.keyDown(field, { key: 'Escape' })

  expect(field).toHaveProperty('value', '老客户')
  expect(desk.contacts.get(contact.id)?.remark).toBe('老客户')
})
