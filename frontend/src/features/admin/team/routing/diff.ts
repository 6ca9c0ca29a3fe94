/** What changes from one plan to another, in words. */
import type { DeskWords } from '../deskWords'
import type { Setting } from './plan'
import type { PlanDoc, Route } from '@/api/team'
import { t } from '@/i18n/admin'
import { isSame, SETTINGS } from './plan'
import { conditionText, resultText, settingText } from './say'

interface Pair { from: number, to: number }

export function changesOf(before: PlanDoc, after: PlanDoc, words: DeskWords): string[] {
  const pairs = paired(before.routes, after.routes)
  const kept = new Set(pairs.map(({ from }) => from))
  const known = new Set(pairs.map(({ to }) => to))
  const still = new Set(inPlace(pairs))
  return [
    ...before.routes.filter((_, at) => !kept.has(at)).map(({ name }) => t('routing.diff.removed', { name })),
    ...after.routes.flatMap((route, at) => known.has(at) ? [] : [t('routing.diff.added', { name: route.name, conditions: conditionText(route, words), result: resultText(route, words) })]),
    ...pairs.flatMap(pair => ofRoute(before.routes[pair.from]!, after.routes[pair.to]!, words)),
    ...pairs.filter(pair => !still.has(pair)).map(({ from, to }) => t('routing.diff.moved', { name: after.routes[to]!.name, from: from + 1, to: to + 1 })),
    ...(Object.keys(SETTINGS) as Setting[]).filter(name => !isSame(before[name] ?? null, after[name] ?? null)).map(name => t('routing.diff.setting', {
      setting: t(`routing.settings.${name}`),
      before: settingText(name, before[name]),
      after: settingText(name, after[name]),
    })),
  ]
}

function ofRoute(before: Route, after: Route, words: DeskWords): string[] {
  const { name } = after
  const told = (key: 'conditions' | 'result', one: string, other: string): string[] => one === other ? [] : [t(`routing.diff.${key}`, { name, before: one, after: other })]
  return [
    ...before.name === name ? [] : [t('routing.diff.renamed', { before: before.name, name })],
    ...before.enabled === after.enabled ? [] : [t(after.enabled ? 'routing.diff.turnedOn' : 'routing.diff.turnedOff', { name })],
    ...told('conditions', conditionText(before, words), conditionText(after, words)),
    ...told('result', resultText(before, words), resultText(after, words)),
  ]
}

/** Rules have no number: the same name is the same rule; another name at the same place is a new name. */
function paired(before: readonly Route[], after: readonly Route[]): Pair[] {
  const free = new Set(after.keys())
  const pairs: Pair[] = []
  const pair = (from: number, to: number): void => {
    free.delete(to)
    pairs.push({ from, to })
  }
  const unknown = before.flatMap((route, from) => {
    const to = [...free].find(at => after[at]!.name === route.name)
    if (to === undefined) return [from]
    pair(from, to)
    return []
  })
  for (const from of unknown) {
    if (free.has(from) && (isSame({ ...before[from], name: '' }, { ...after[from], name: '' }) || before.length === after.length)) pair(from, from)
  }
  return pairs.sort((one, other) => one.to - other.to)
}

/** The longest run of pairs that are in the same order before and after: all others were moved. */
function inPlace(pairs: readonly Pair[]): Pair[] {
  const best: Pair[][] = []
  pairs.forEach((pair, at) => {
    const runs = best.slice(0, at).filter(run => run.at(-1)!.from < pair.from)
    best.push([...runs.reduce<Pair[]>((one, other) => other.length > one.length ? other : one, []), pair])
  })
  return best.reduce<Pair[]>((one, other) => other.length > one.length ? other : one, [])
}
