/** What the account's log says, a line for each entry: values in, words out. */
import type { LogEntry } from '@/api/admin'
import { has, t } from '@/i18n/admin'

export interface Line {
  text: string
  tone: 'plain' | 'good' | 'bad'
  links: readonly { label: string, url: string }[]
  hint?: string
}

type Facts = LogEntry['content']
type Writer = (facts: Facts, time: (moment: string) => string) => Partial<Line> & { text: string }

const WRITERS: Record<string, Writer | undefined> = {
  mass_result: massResult,
  published,
  verification,
  authorization: ({ openid, what }) => ({ text: t('log.authorization', { openid, what: named('change', what) }) }),
  native_session: session,
  debug: ({ text }) => ({ text: t('log.debug', { text }) }),
}

/** `time` says a moment that is part of the line. */
export function lineOf({ kind, content }: Pick<LogEntry, 'kind' | 'content'>, time: (moment: string) => string): Line {
  const write = WRITERS[kind]
  return { tone: 'plain', links: [], ...write ? write(content, time) : { text: t('log.other', { kind }) } }
}

function massResult(facts: Facts): ReturnType<Writer> {
  const { msg_id: id, status, total = 0, sent = 0, failed = 0 } = facts
  const links = pairs(facts.articles).map(([n, url]) => ({ label: t('log.article', { n }), url }))
  if (status !== 'send success') return { text: t('log.mass_bad', { id, status }), tone: 'bad', links }
  return { text: t('log.mass_result', { id, total, sent, failed }), tone: failed ? 'plain' : 'good', links }
}

function published({ status, urls }: Facts): ReturnType<Writer> {
  if (status === 0) return { text: t('log.published'), tone: 'good', links: strings(urls).map((url, at) => ({ label: t('log.article', { n: at + 1 }), url })) }
  return { text: t('log.publish_failed', { status: named('publishing', status) }), tone: status === 1 ? 'plain' : 'bad' }
}

function verification({ what, ok, until, reason }: Facts, time: (moment: string) => string): ReturnType<Writer> {
  const moment = typeof until === 'string' ? time(until) : ''
  if (what === 'renewal_due') return { text: t('log.renewal_due', { until: moment }), tone: 'bad' }
  if (what === 'expired') return { text: t('log.verification_expired'), tone: 'bad' }
  const which = named('verifying', what)
  return ok
    ? { text: t('log.verified', { what: which, until: moment }), tone: 'good' }
    : { text: t('log.verify_failed', { what: which, reason }), tone: 'bad' }
}

function session({ action, kf_account: kf, to }: Facts): ReturnType<Writer> {
  switch (action) {
    case 'closed': return { text: t('log.session_closed', { kf }) }
    case 'switched': return { text: t('log.session_switched', { from: kf, to }) }
    default: return { text: t('log.session_opened', { kf }), hint: t('log.session_hint') }
  }
}

/** A stable word of the desk's in the reader's language; one that we do not know, as it is. */
function named(family: 'change' | 'publishing' | 'verifying', word: unknown): string {
  const key = `log.${family}.${word}`
  return has(key) ? t(key) : String(word)
}

/** WeChat tells what they hold; only what a browser may open becomes a link. */
function strings(told: unknown): string[] {
  return Array.isArray(told) ? told.filter(one => typeof one === 'string' && /^https?:/.test(one)) : []
}

function pairs(told: unknown): [n: number, url: string][] {
  return Array.isArray(told) ? told.flatMap((one: unknown) => Array.isArray(one) ? strings([one[1]]).map((url): [number, string] => [Number(one[0]), url]) : []) : []
}
