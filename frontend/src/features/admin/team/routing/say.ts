/** A plan in words. */
import type { DeskWords } from '../deskWords'
import type { Setting } from './plan'
import type { PlanDoc, Route } from '@/api/team'
import { t } from '@/i18n/admin'
import { durationText } from '../duration'
import { SETTINGS } from './plan'

type Named = readonly { id: number, name: string }[]

const or = (names: readonly string[]): string => names.join(t('routing.or'))
const quoted = (words: readonly string[]): string => or(words.map(word => t('routing.quoted', { word })))

/** What is gone is told by its number. */
export function namesOf(known: Named, ids: readonly number[]): string[] {
  return ids.map(id => known.find(one => one.id === id)?.name ?? t('routing.gone', { id }))
}

/** What a rule asks for, each in a few words; nothing: it is for everybody. */
export function conditionsOf(route: Route, words: DeskWords): string[] {
  const asks = (family: 'accounts' | 'keys' | 'scenes' | 'levels' | 'tags', names: readonly string[]): string[] =>
    names.length ? [t(`routing.asks.${family}`, { names: or(names) })] : []
  return [
    ...asks('accounts', namesOf(words.accounts, route.account_ids)),
    ...route.words.length ? [t(`routing.asksWords.${route.match}`, { words: quoted(route.words) })] : [],
    ...asks('keys', route.keys),
    ...asks('scenes', route.scenes),
    ...asks('levels', namesOf(words.levels, route.level_ids)),
    ...asks('tags', namesOf(words.tags, route.tag_ids)),
    ...route.hours === 'any' ? [] : [t(`routing.asksHours.${route.hours}`, { name: namesOf(words.calendars, [route.calendar_id ?? 0])[0] })],
  ]
}

export function conditionText(route: Route, words: DeskWords): string {
  return conditionsOf(route, words).join(t('routing.and')) || t('routing.everybody')
}

/** Where it leads. */
export function resultText(route: Route, words: DeskWords): string {
  return [
    route.group_id ? t('routing.toGroup', { name: namesOf(words.groups, [route.group_id])[0] }) : t('routing.toDesk'),
    ...skillText('required', route.required),
    ...skillText('optional', route.optional),
  ].join(t('routing.and'))
}

function skillText(family: 'required' | 'optional', skills: Record<string, number>): string[] {
  const named = Object.entries(skills).map(([name, least]) => t('routing.skill', { name, least }))
  return named.length ? [t(`routing.wants.${family}`, { skills: named.join(t('routing.also')) })] : []
}

export function settingText<Name extends Setting>(name: Name, value: PlanDoc[Name]): string {
  if (value === null || value === undefined) return t(name === 'accept_seconds' ? 'routing.atOnce' : 'routing.never')
  switch (SETTINGS[name].kind) {
    case 'switch': return t(value ? 'routing.on' : 'routing.off')
    case 'pull': return t(`routing.pulls.${value as PlanDoc['pull']}`)
    case 'days': return t('duration.day', { n: value })
    case 'count': return t('routing.oneIn', { n: value })
    default: return durationText(value as number)
  }
}
