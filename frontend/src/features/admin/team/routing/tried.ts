/** A decision that was tried, in words. */
import type { DeskWords } from '../deskWords'
import type { RoutingTried } from '@/api/team'
import { has, t } from '@/i18n/admin'

const nameOf = ({ agents }: RoutingTried, id: number): string => agents.find(agent => agent.id === Number(id))?.name ?? t('routing.gone', { id })

/** Who would have the conversation. */
export function roomText(found: RoutingTried): string {
  const { room, rule } = found.decision
  if (!room) return t(rule === 'held' ? 'routing.heldFor' : 'routing.nobody')
  const key = room.is_helper ? 'routing.helper' : rule === 'sticky' ? 'routing.familiar' : 'routing.chosen'
  return t(key, { name: nameOf(found, room.agent), load: room.load, capacity: room.capacity })
}

/** Who would not, and why: the next best, then all in whose way something stands. */
export function othersOf(found: RoutingTried, { levels }: Pick<DeskWords, 'levels'>): { name: string, why: string }[] {
  const { next_room: next, passed_over: passed, passed_over_count: count } = found.decision
  return [
    ...next ? [{ name: nameOf(found, next.agent), why: t('routing.reasons.next', { load: next.load, capacity: next.capacity }) }] : [],
    ...passed.map(({ id, reason, of }) => {
      const key = `routing.reasons.${reason}`
      const about = reason === 'level' ? levels.find(({ rank }) => rank === Number(of))?.name : reason === 'held' ? nameOf(found, Number(of)) : of
      return { name: nameOf(found, id), why: has(key) ? t(key, { of: about ?? '' }) : reason }
    }),
    ...count > passed.length ? [{ name: '', why: t('routing.othersMore', { n: count - passed.length }) }] : [],
  ]
}
