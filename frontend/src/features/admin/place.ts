/** Where in the administration one is. */
import { useSession } from '@/stores/session'

export const ACCOUNT_PAGES = ['overview', 'names', 'import', 'tags', 'codes', 'menu', 'answers', 'hours', 'ratings', 'log'] as const
export type AccountPage = typeof ACCOUNT_PAGES[number]

/** Of the whole desk: who works at it, and how customers come to them. */
export const DESK_PAGES = ['agents', 'seats', 'groups', 'levels', 'fields', 'calendars', 'routing', 'summaries', 'hooks'] as const
export type DeskPage = typeof DESK_PAGES[number]

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
