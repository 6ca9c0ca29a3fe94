import type { FieldValue } from '@/api/fields'
import type { Contact } from '@/api/types'
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import * as api from '@/api/contacts'
import { setFieldValues } from '@/api/fields'
import { t } from '@/i18n'

/** The followers, as the desk knows them. */
export const useContacts = defineStore('contacts', () => {
  const byId = shallowReactive(new Map<number, Contact>())

  /** Take a copy; an older one is ignored. */
  function put(contact: Contact): void {
    const known = byId.get(contact.id)
    if (!known || known.version <= contact.version) byId.set(contact.id, contact)
  }

  /** The newest copy of somebody of whom we hold at least this one. */
  function newest(contact: Contact): Contact {
    const known = byId.get(contact.id)
    return known && known.version >= contact.version ? known : contact
  }

  /** @throws {Problem} nothing was changed. */
  async function remark(contact: Contact, text: string): Promise<void> {
    put(await api.changeContact(contact.id, { remark: text }))
  }

  /** @throws {Problem} as all below. */
  async function setTags(contact: Contact, tagIds: readonly number[]): Promise<void> {
    put(await api.setTags(contact.id, tagIds))
  }

  async function setField(contact: Contact, fieldId: number, value: FieldValue): Promise<void> {
    put(await setFieldValues(contact.id, { [fieldId]: value }))
  }

  /** What WeChat answers comes by the stream. */
  async function refresh(contact: Contact): Promise<void> {
    put(await api.refreshContact(contact.id))
  }

  async function blacklist(contact: Contact, wish: Parameters<typeof api.setBlacklisted>[1]): Promise<void> {
    put(await api.setBlacklisted(contact.id, wish))
  }

  function clear(): void {
    byId.clear()
  }

  return { put, newest, remark, setTags, setField, refresh, blacklist, clear }
})

/** WeChat tells us no names: a remark, else the end of the openid. Of whom nothing may be told there is no openid. */
export function nameOf(contact: Pick<Contact, 'openid' | 'remark' | 'name'>): string {
  if (!contact.openid) return t('contact.somebody')
  return contact.remark || contact.name || t('contact.anonymous', { tail: contact.openid.slice(-4) })
}
