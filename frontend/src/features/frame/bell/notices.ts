/** Notices in words. */
import type { Component } from 'vue'
import type { Notice, NoticeKind } from '@/api/notices'
import { AlarmClock, AtSign, CircleX, Hand, LifeBuoy, Star, StickyNote, TimerOff, TriangleAlert, Undo2, UserRoundCheck, Webhook } from '@lucide/vue'
import { nameOf } from '@/stores/contacts'
import { say } from './words'

/** In the order in which they are muted. */
export const KINDS: readonly NoticeKind[] = ['mention', 'help', 'note', 'handed_over', 'handed_back', 'taken_over', 'closed', 'warning', 'breach', 'later', 'rating', 'webhook']

export const ICONS: Record<NoticeKind, Component> = {
  mention: AtSign,
  help: LifeBuoy,
  note: StickyNote,
  handed_over: UserRoundCheck,
  handed_back: Undo2,
  taken_over: Hand,
  closed: CircleX,
  warning: TriangleAlert,
  breach: TimerOff,
  later: AlarmClock,
  rating: Star,
  webhook: Webhook,
}

/** As the desk numbers them. */
const SCORES: readonly (Score | undefined)[] = [undefined, 'bad', 'fair', 'good']

type Score = 'bad' | 'fair' | 'good'
type Clock = 'first' | 'next' | 'resolution'

/** What has happened, in one sentence. */
export function lineOf({ kind, by, facts }: Notice): string {
  return say(kind === 'mention' && facts.group ? 'say.mentionGroup' : `say.${kind}`, { by: by?.name ?? '', group: facts.group ? String(facts.group) : '', clock: facts.clock ? say(`clock.${facts.clock as Clock}`) : '', score: facts.score ? say(`score.${SCORES[Number(facts.score)] ?? 'fair'}`) : '' })
}

/** With whom. */
export function whomOf({ contact }: Notice): string {
  return contact ? nameOf(contact) : say('somebody')
}
