/** One plan beside another: what is better, what is worse, and by how much. Values in, words out. */
import type { LevelReplayed, ReplayedAnswers } from '@/api/team'
import { t } from '@/i18n/admin'
import { durationText } from '../../duration'

export const METRICS = ['within', 'median', 'p90', 'longest', 'gave_up'] as const
export type Metric = typeof METRICS[number]
export type Verdict = 'better' | 'worse' | 'same' | 'unknown'

export interface Compared {
  metric: Metric
  published: string
  draft: string
  verdict: Verdict
  /** By how much, in words; nothing where it is the same. */
  by: string
  /** From 0 to 1, for the bars. */
  shares: { published: number, draft: number }
}

/** What is less is noise: half a point, a second or two in a hundred. */
const LEAST_SHARE = 0.005
const LEAST_SECONDS = 1
const LEAST_PART = 0.02

export function comparedOf(level: LevelReplayed): Compared[] {
  return METRICS.map(metric => compare(metric, level.published, level.draft))
}

function compare(metric: Metric, published: ReplayedAnswers, draft: ReplayedAnswers): Compared {
  const before = published[metric] ?? null
  const after = draft[metric] ?? null
  const verdict = verdictOf(metric, before, after)
  const most = metric === 'within' ? 1 : Math.max(before ?? 0, after ?? 0) || 1
  return {
    metric,
    published: valueText(metric, before),
    draft: valueText(metric, after),
    verdict,
    by: verdict === 'better' || verdict === 'worse' ? byText(metric, after! - before!) : '',
    shares: { published: (before ?? 0) / most, draft: (after ?? 0) / most },
  }
}

/** Of promises more is better; of times and of those who gave up, less. */
export function verdictOf(metric: Metric, before: number | null, after: number | null): Verdict {
  if (before === null || after === null) return 'unknown'
  const gain = metric === 'within' ? after - before : before - after
  if (Math.abs(gain) < leastOf(metric, before)) return 'same'
  return gain > 0 ? 'better' : 'worse'
}

function leastOf(metric: Metric, before: number): number {
  if (metric === 'within') return LEAST_SHARE
  return metric === 'gave_up' ? 1 : Math.max(LEAST_SECONDS, before * LEAST_PART)
}

export function valueText(metric: Metric, value: number | null): string {
  if (value === null) return '–'
  if (metric === 'within') return `${Math.round(value * 1000) / 10}%`
  return metric === 'gave_up' ? String(value) : durationText(value)
}

function byText(metric: Metric, change: number): string {
  const kind = metric === 'within' ? 'points' : metric === 'gave_up' ? 'people' : 'time'
  const n = metric === 'within' ? Math.round(Math.abs(change) * 1000) / 10 : Math.abs(change)
  return t(`replay.by.${kind}${change > 0 ? 'More' : 'Less'}`, { n, time: durationText(Math.abs(change)) })
}

/** In one sentence for each level: what its customers have of the draft. */
export function summaryOf(levels: readonly LevelReplayed[]): { level: LevelReplayed, verdict: Verdict, line: string }[] {
  return levels.map((level) => {
    const rows = comparedOf(level)
    const better = rows.filter(({ verdict }) => verdict === 'better')
    const worse = rows.filter(({ verdict }) => verdict === 'worse')
    const verdict: Verdict = better.length && worse.length ? 'unknown' : better.length ? 'better' : worse.length ? 'worse' : 'same'
    const told = (part: Compared[]): string => part.map(({ metric, by }) => t('replay.change', { metric: t(`replay.metric.${metric}`), by })).join(t('routing.also'))
    const line = better.length && worse.length
      ? t('replay.mixed', { better: told(better), worse: told(worse) })
      : better.length || worse.length ? told([...better, ...worse]) : t('replay.noChange')
    return { level, verdict, line }
  })
}
