/** Behind the scenes: the ledger, pushes, calls, the clock, faults. */

import { call } from './api.js'
import { $, el, toast } from './dom.js'
import { allowance } from './ledger.js'
import { now, state } from './state.js'
import { countdown, moment, t, toTheSecond } from './words.js'

const SHOWN = 6
const SWITCHES = [
  ['slow_ms', 3000, 0], ['lose_answer', true, 0], ['hang', true, 0],
  ['duplicate_pushes', 1, 0], ['out_of_order', true, false],
  ['unverified', true, false], ['ip_not_whitelisted', true, false],
]

const shown = { ledger: null, pushes: [], calls: [], faults: {} }
let reading = null

/** Read all of it soon; many events at once are one reading. */
export function refreshBehind() {
  reading ??= setTimeout(async () => {
    reading = null
    await read().catch(() => {}) // the page says already that the simulator is away
    renderBehind()
  }, 60)
}

async function read() {
  const openid = state.current
  const of = openid === null ? '' : `&openid=${openid}`
  const [ledger, pushes, calls, faults] = await Promise.all([
    openid === null ? null : call('GET', `followers/${openid}/allowance`),
    call('GET', `pushes?limit=${SHOWN}${of}`),
    call('GET', `calls?limit=${SHOWN}`),
    call('GET', 'faults'),
  ])
  Object.assign(shown, { ledger, pushes: pushes.items, calls: calls.items, faults })
}

export function renderBehind() {
  const focused = document.activeElement?.id
  $('behind-body').replaceChildren(
    ...(shown.ledger ? [section(t('allowance'), '', ...allowance(shown.ledger, does))] : []),
    pushes(), calls(), clock(), faults(), stage(),
  )
  if (focused) $(focused)?.focus()
  tick()
}

/** What changes by the second. */
export function tick() {
  for (const node of document.querySelectorAll('[data-until]')) {
    const left = Date.parse(node.dataset.until) - now()
    node.textContent = countdown(left)
    if (left <= 0) refreshBehind() // it is no longer open
  }
  const time = $('clock-now')
  if (time) time.textContent = `${moment(now(), new Date(0)).replace(/ [\d:]+$/, '')} ${toTheSecond(now())}`
}

function section(title, note, ...children) {
  return el('section', {}, el('h3', {}, title, el('small', {}, note)), ...children)
}

function pushes() {
  const rows = shown.pushes.map(push => entry(
    push.at, push.kind, pushOutcome(push), push.state === 'failed', push.state === 'failed' ? push.error : null,
  ))
  return section(t('pushes'), '', rows.length ? el('ul', { class: 'log' }, ...rows) : el('p', { class: 'none' }, t('noPushes')))
}

function pushOutcome(push) {
  if (push.state === 'under way') return t('underWay')
  if (push.attempts === 0) return t('noCallback')
  const times = push.attempts === 1 ? '' : `${push.attempts} ${t('tries')} · `
  const ms = push.tries.at(-1)?.ms
  return `${times}${push.status ?? '—'}${ms === undefined ? '' : ` · ${ms} ms`}`
}

function calls() {
  const rows = shown.calls.map(call => {
    const code = call.answer?.errcode ?? 0
    return entry(call.at, call.path.replace(/^\/cgi-bin\//, ''), call.answer === null ? '—' : String(code), code !== 0 || call.answer === null, code === 0 ? null : call.answer.errmsg)
  })
  return section(t('calls'), '', rows.length ? el('ul', { class: 'log' }, ...rows) : el('p', { class: 'none' }, t('noCalls')))
}

function entry(at, what, how, bad, why) {
  return el(
    'li', { class: bad ? 'bad' : '' },
    el('time', {}, toTheSecond(new Date(at))),
    el('span', { class: 'what', title: what }, what),
    el('span', { class: 'how' }, how),
    why ? el('span', { class: 'why' }, why) : null,
  )
}

function clock() {
  const ahead = Math.round(state.aheadMs / 60_000)
  const buttons = [['minute', 60], ['hour', 3600], ['days', 48 * 3600]].map(([name, seconds]) => chip(
    `clock-${name}`, t(name), () => does('POST', 'clock', { advance_seconds: seconds }),
  ))
  return section(
    t('clock'), '',
    el('p', { class: 'clock' }, el('span', { id: 'clock-now' }), ahead > 0 ? el('small', {}, `${t('ahead')} ${countdown(ahead * 60_000).slice(0, -3)}`) : null),
    el('div', { class: 'row' }, ...buttons),
  )
}

function faults() {
  const switches = SWITCHES.map(([name, on, off]) => el(
    'label', { class: 'switch' },
    el('span', {}, t(name)),
    el('input', {
      type: 'checkbox', role: 'switch', id: `fault-${name}`, checked: Boolean(shown.faults[name]),
      onchange: event => does('POST', 'faults', { [name]: event.target.checked ? on : off }),
    }),
    el('small', {}, t(`${name}Note`)),
  ))
  return section(
    t('faults'), '', ...switches,
    el('div', { class: 'row' },
      chip('kill', t('killTokens'), () => does('POST', 'faults', { token_invalid_now: true }, t('killed'))),
      chip('clear', t('clearFaults'), () => does('DELETE', 'faults'))),
  )
}

function stage() {
  const reset = chip('reset', t('reset'), () => { if (confirm(t('really'))) does('POST', 'reset') })
  reset.classList.add('danger')
  return section(
    t('stage'), '',
    el('div', { class: 'row' }, chip('people', t('invitePeople'), invite), chip('other-language', t('otherLanguage'), () => $('language').click()), reset),
  )
}

export const invite = () => does('POST', 'people', { start: true, seed: 7 })

const chip = (id, name, onclick) => el('button', { class: 'chip', type: 'button', id, onclick }, name)

async function does(method, path, wish, done) {
  try {
    await call(method, path, wish)
    if (done) toast(done)
  }
  catch (error) {
    toast(error.message)
  }
  refreshBehind()
}
