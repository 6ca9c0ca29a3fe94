/** What somebody did, in words. Pure. */
import type { Act } from '@/api/monitor'
import { presenceText } from '@/composables/presence'
import { say } from '../words'

type Kind = Act['act']

/** Acts that are told otherwise where somebody had the conversation. */
const FROM: ReadonlySet<Kind> = new Set(['assigned', 'taken_over', 'handed_over', 'force_close'])

export function actText({ act, agent, had_by: had, group, presence, limit }: Pick<Act, 'act' | 'agent' | 'had_by' | 'group' | 'presence' | 'limit'>): string {
  const values = {
    agent: agent?.name ?? say('record.gone'),
    had: had?.name ?? say('record.gone'),
    to: group?.name ?? agent?.name ?? say('record.gone'),
    presence: presence ? presenceText(presence) : '',
    limit,
  }
  if (act === 'limit') return say(limit === null ? 'record.act.limitOff' : 'record.act.limit', values)
  return say(FROM.has(act) && had ? `record.act.${act}From` as 'record.act.assignedFrom' : `record.act.${act}`, values)
}
