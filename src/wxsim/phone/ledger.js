/** The platform's ledger for one follower: what may be sent, what opened it, what spent it. */

import { call } from './api.js'
import { choose } from './ask.js'
import { el } from './dom.js'
import { now, state } from './state.js'
import { language, t, toTheSecond } from './words.js'

const SHOWN = 12
const TRIGGERS = { message: 'message_', menu: 'menu', follow: 'follow_', scan: 'scan_', payment: 'payment', complaint: 'complaint' }
const RENEWALS = ['replace', 'accumulate', 'no_renewal']

let tableOpen = false

const acted = trigger => t(TRIGGERS[trigger] ?? trigger)
const many = count => count === null ? '∞' : String(count)

/** What stands under the heading; `does` changes the account. */
export function allowance(ledger, does) {
  const open = ledger.grants.filter(grant => Date.parse(grant.expires_at) > now())
  const figure = open.length === 0 ? t('closed') : ledger.sends_left === null ? t('unlimited') : String(ledger.sends_left)
  return [
    el('div', { class: open.length === 0 ? 'left closed' : 'left' }, el('b', {}, figure), el('span', {}, open.length ? t('sendsLeft') : '')),
    ...open.map(grant), entries(ledger.entries), table(ledger, does),
  ]
}

function grant(grant) {
  const bar = el('span')
  bar.style.width = `${grant.left === null ? 100 : grant.left / grant.granted * 100}%`
  return el(
    'div', { class: grant.left === 0 ? 'grant spent' : 'grant' },
    el('span', {}, acted(grant.trigger), el('b', {}, grant.left === null ? '∞' : `${grant.left} / ${grant.granted}`)),
    el('i', { title: `${t('until')} ${new Date(grant.expires_at).toLocaleString(document.documentElement.lang)}`, dataset: { until: grant.expires_at } }),
    el('div', { class: 'meter' }, bar),
  )
}

function entries(all) {
  if (all.length === 0) return el('p', { class: 'none' }, t('noEntries'))
  return el('ul', { class: 'log entries', ariaLabel: t('entries') }, ...all.slice(0, SHOWN).map(entry))
}

function entry(entry) {
  const [what, how] = ENTRIES[entry.what](entry)
  return el(
    'li', { class: LOOKS[entry.what] ?? '' },
    el('time', {}, toTheSecond(new Date(entry.at))), el('span', { class: 'what', title: what }, what), el('span', { class: 'how' }, how),
  )
}

const LOOKS = { refused: 'bad', opened: 'opens', renewed: 'opens' }

const ENTRIES = {
  opened: ({ trigger, left }) => [acted(trigger), left === null ? '∞' : `+${left}`],
  renewed: ({ trigger, left }) => [`${acted(trigger)} · ${t('renewedTo')}`, many(left)],
  kept: ({ trigger, left }) => [`${acted(trigger)} · ${t('keptAt')}`, many(left)],
  nothing: ({ trigger }) => [`${acted(trigger)} · ${t('opensNothing')}`, '—'],
  spent: ({ trigger, left, ...sent }) => [message(sent), `${acted(trigger)} ${left === null ? '∞' : `−1 → ${left}`}`],
  refused: ({ errcode, ...sent }) => [message(sent), String(errcode)],
  closed: () => [t('closedByLeaving'), '0'],
}

const message = ({ kind, text }) => kind === 'text' ? text : `[${t(kind)}]`

/** The rules in force, folded; and which they are to be. */
function table({ policy, renewal, rules }, does) {
  const rows = rules.flatMap(({ triggers, count, seconds }) => [
    el('dt', {}, triggers.map(acted).join(language === 'zh' ? '、' : ', ')), el('dd', {}, `${many(count)} / ${lasting(seconds)}`),
  ])
  return el(
    'details', { class: 'rules', open: tableOpen, ontoggle: event => { tableOpen = event.target.open } },
    el('summary', { id: 'rules' }, `${t('policy')} ${policy} · ${t(renewal)}`),
    el('dl', {}, ...rows),
    el('div', { class: 'row' },
      el('button', { class: 'chip', type: 'button', id: 'policy', onclick: () => choosePolicy(does) }, t('otherPolicy')),
      el('button', { class: 'chip', type: 'button', id: 'renewal', onclick: () => chooseRenewal(does) }, t('otherRenewal'))),
  )
}

function lasting(seconds) {
  const [unit, of] = [['hours', 3600], ['minutes', 60], ['seconds', 1]].find(([, of]) => seconds % of === 0)
  return `${seconds / of} ${t(unit)}`
}

async function choosePolicy(does) {
  const { items } = await call('GET', 'policies')
  const policy = await choose(t('otherPolicy'), items.map(({ name, since }) => [name, `${name}　${t('since')} ${since}`]))
  if (policy) await change(does, { policy })
}

async function chooseRenewal(does) {
  const renewal = await choose(t('otherRenewal'), RENEWALS.map(one => [one, t(one)]))
  if (renewal) await change(does, { renewal })
}

async function change(does, wish) {
  await does('POST', 'account', wish)
  state.account = await call('GET', 'account')
}
