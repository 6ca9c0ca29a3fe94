import type { Account, AccountSettings, Setting } from '@/api/admin'
import { defineStore } from 'pinia'
import { computed, shallowReactive, watch } from 'vue'
import * as api from '@/api/admin'
import { useSession } from './session'

/** The Official Accounts that this desk serves. */
export const useAccounts = defineStore('accounts', () => {
  const byId = shallowReactive(new Map<number, Account>())
  let reading: Promise<readonly Account[]> | null = null
  const all = computed(() => [...byId.values()].sort((one, other) => one.id - other.id))

  function put(account: Account): void {
    const known = byId.get(account.id)
    if (!known || known.version <= account.version) byId.set(account.id, account)
  }

  /** Those who ask while it is being read share the answer. @throws {Problem} what was known stays. */
  function load(): Promise<readonly Account[]> {
    reading ??= read().finally(() => { reading = null })
    return reading
  }

  async function read(): Promise<readonly Account[]> {
    const { items } = await api.listAccounts()
    const there = new Set(items.map(({ id }) => id))
    for (const id of byId.keys()) {
      if (!there.has(id)) byId.delete(id)
    }
    items.forEach(put)
    return all.value
  }

  /** Shown at once, taken back if the desk refuses. @throws {Problem} */
  async function turn(account: Account, setting: Setting, on: boolean): Promise<void> {
    const settings: AccountSettings = { ...account.settings, [setting]: on }
    byId.set(account.id, { ...account, settings })
    try {
      put(await api.changeAccount(account.id, { settings }))
    }
    catch (error) {
      byId.set(account.id, account)
      throw error
    }
  }

  /** @throws {Problem} nothing was changed. */
  async function describe(account: Account, facts: { name: string, wechat_id: string }): Promise<void> {
    put(await api.changeAccount(account.id, facts))
  }

  watch(() => useSession().agent?.id, () => byId.clear())

  return { byId, all, load, turn, describe }
})
