/** Where in the administration one is. */
import { useSession } from '@/stores/session'

export const ACCOUNT_PAGES = ['overview', 'names', 'import', 'tags', 'codes', 'menu', 'log'] as const
export type AccountPage = typeof ACCOUNT_PAGES[number]

export function isAccountPage(page: string): page is AccountPage {
  return (ACCOUNT_PAGES as readonly string[]).includes(page)
}

export const pathOf = (accountId: number, page: AccountPage): string => `/admin/${accountId}/${page}`

/** Supervisors look, administrators change; others see nothing of this. The desk decides; this only mirrors it. */
export function mayLook(): boolean {
  return useSession().agent?.role !== 'agent'
}

export function mayChange(): boolean {
  return useSession().agent?.role === 'admin'
}
