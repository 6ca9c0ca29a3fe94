import type { Contact } from '@/api/types'
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { changeContact } from '@/api/conversations'
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
    put(await changeContact(contact.id, { remark: text, version: newest(contact).version }))
  }

  function clear(): void {
    byId.clear()
  }

  return { put, newest, remark, clear }
})

/** WeChat tells us no names: a remark, else the end of the openid. */
export function nameOf(contact: Contact): string {
  return contact.remark || contact.name || t('contact.anonymous', { tail: contact.openid.slice(-4) })
}
