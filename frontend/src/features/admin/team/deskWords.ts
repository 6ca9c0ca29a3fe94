import type { Account, Tag } from '@/api/admin'
import type { Calendar, Group, Level } from '@/api/team'
import { listTags } from '@/api/admin'
import { listCalendars, listGroups, listLevels } from '@/api/team'
import { useAccounts } from '@/stores/accounts'

/** What rules speak of, by number. */
export interface DeskWords {
  accounts: readonly Account[]
  levels: readonly Level[]
  groups: readonly Group[]
  calendars: readonly Calendar[]
  /** Of every account. */
  tags: readonly (Tag & { accountId: number })[]
}

/** @throws {Problem} */
export async function readDeskWords(): Promise<DeskWords> {
  const [accounts, levels, groups, calendars] = await Promise.all([useAccounts().load(), listLevels(), listGroups(), listCalendars()])
  return { accounts, levels: levels.items, groups: groups.items, calendars: calendars.items, tags: await readTags(accounts) }
}

/** The tags of all accounts. @throws {Problem} */
export async function readTags(accounts: readonly Account[]): Promise<DeskWords['tags']> {
  const lists = await Promise.all(accounts.map(async ({ id }) => (await listTags(id)).items.map(tag => ({ ...tag, accountId: id }))))
  return lists.flat()
}

/** By its name; with the account's where there are several. */
export function tagOptions({ accounts, tags }: Pick<DeskWords, 'accounts' | 'tags'>): { value: number, label: string }[] {
  const ofAccount = new Map(accounts.map(({ id, name }) => [id, name]))
  return tags.map(({ id, name, accountId }) => ({ value: id, label: accounts.length > 1 ? `${name} · ${ofAccount.get(accountId)}` : name }))
}
