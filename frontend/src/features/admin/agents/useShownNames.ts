import type { KfAccount } from '@/api/admin'
import { shallowReactive, watch } from 'vue'
import { listKfAccounts } from '@/api/admin'
import { Problem } from '@/api/http'
import { useAccounts } from '@/stores/accounts'

export interface ShownNames {
  /** Names of an account; undefined until WeChat told. */
  of: (accountId: number) => readonly KfAccount[] | undefined
  problemOf: (accountId: number) => Problem | undefined
  load: (accountId: number) => Promise<void>
}

/** Under which names customers of each account see the agents. Each account is asked by itself: one may fail alone. */
export function useShownNames(): ShownNames {
  const accounts = useAccounts()
  const names = shallowReactive(new Map<number, readonly KfAccount[]>())
  const problems = shallowReactive(new Map<number, Problem>())

  async function load(accountId: number): Promise<void> {
    try {
      names.set(accountId, (await listKfAccounts(accountId)).items)
      problems.delete(accountId)
    }
    catch (error) {
      if (!(error instanceof Problem)) throw error
      problems.set(accountId, error)
    }
  }

  watch(() => accounts.all.map(({ id }) => id), (ids, before = []) => {
    for (const id of ids) {
      if (!before.includes(id)) void load(id)
    }
  }, { immediate: true })

  return { of: id => names.get(id), problemOf: id => problems.get(id), load }
}
