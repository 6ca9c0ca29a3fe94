/** What one has written and not sent, as the desk keeps it for all of one's screens. */
import type { components } from './schema'
import { call } from './http'

export type KeptDraft = components['schemas']['DraftOut']
export type Mode = KeptDraft['mode']

export const listDrafts = async (): Promise<KeptDraft[]> => (await call<{ items: KeptDraft[] }>('GET', '/api/drafts')).items
/** Answers the newer one, where that is another. */
export const keepDraft = (conversationId: number, draft: { mode: Mode, text: string, written_at?: string }) =>
  call<KeptDraft>('PUT', `/api/conversations/${conversationId}/draft`, draft)
