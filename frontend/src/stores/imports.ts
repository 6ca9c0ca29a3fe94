import type { Import } from '@/api/admin'
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'

/** The newest import of followers of each account; the stream tells how far it is. */
export const useImports = defineStore('imports', () => {
  const byAccount = shallowReactive(new Map<number, Import>())

  function put(one: Import): void {
    const known = byAccount.get(one.account_id)
    if (!known || known.version <= one.version) byAccount.set(one.account_id, one)
  }

  return { byAccount, put }
})
