/** The chat: bubbles, times, grey lines. */

import { bubble } from './bubbles.js'
import { $, avatar, el } from './dom.js'
import { current, now, state } from './state.js'
import { moment, t, toTheSecond } from './words.js'

const GAP_MS = 5 * 60_000

export function renderThread() {
  const nodes = state.lines.flatMap((line, at) => withTime(line, state.lines[at - 1]))
  $('thread').replaceChildren(...nodes)
  toEnd()
}

export function appendLine(line) {
  const thread = $('thread')
  const atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80
  const nodes = withTime(line, state.lines.at(-1))
  nodes.at(-1).classList.add('new')
  state.lines.push(line)
  thread.append(...nodes)
  if (atEnd || line.from === 'me') toEnd()
}

/** Show which of my lines are still on their way to the account. */
export function markUnderWay() {
  for (const node of $('thread').querySelectorAll('[data-msg-id]')) {
    node.classList.toggle('under-way', state.underWay.has(node.dataset.msgId))
  }
}

/** The account is writing until this moment; null: it has stopped. */
export function showTyping(until) {
  const typing = until !== null && Date.parse(until) > now()
  clearTimeout(typingEnds)
  $('account-name').textContent = typing ? t('typing') : state.account.name
  if (typing) typingEnds = setTimeout(() => showTyping(null), Date.parse(until) - now())
}
let typingEnds = 0

export function toEnd() {
  $('thread').scrollTop = $('thread').scrollHeight
}

/** A picture that has loaded pushes the end down; whoever was there stays there. */
function keepAtEnd() {
  const thread = $('thread')
  if (thread.scrollHeight - thread.scrollTop - thread.clientHeight < 320) toEnd()
}

function withTime(line, before) {
  const at = new Date(line.at)
  const gap = before === undefined || at - new Date(before.at) > GAP_MS
  const node = line.from === 'system' ? el('p', { class: 'grey' }, systemWords(line)) : bubbleLine(line, at)
  return gap ? [el('time', { class: 'time', dateTime: line.at }, moment(at, now())), node] : [node]
}

/** What the phone says by itself, in the page's language where it is ours to say. */
function systemWords(line) {
  if (line.type === 'payment') return `${t('paidLine')} ${line.order_id}`
  if (line.type === 'complaint') return `${t(`${line.stage}Line`)} · ${line.reason} (${line.feedback_id})`
  return line.content
}

function bubbleLine(line, at) {
  const mine = line.from === 'me'
  const shown = bubble(line)
  const said = el(
    'div', { class: 'said' },
    mine || !line.kf_name ? null : el('small', { class: 'who' }, line.kf_name),
    shown,
    line.ai ? el('small', { class: 'by-ai' }, t('byAi')) : null,
    el('small', { class: 'via' }, about(line, at)),
  )
  const node = el('div', { class: mine ? 'line me' : 'line' }, mine ? myAvatar() : accountAvatar(line), said)
  if (mine && line.msg_id) {
    node.dataset.msgId = line.msg_id
    said.append(el('span', { class: 'sending', ariaHidden: 'true' }))
    node.classList.toggle('under-way', state.underWay.has(line.msg_id))
  }
  for (const picture of shown.querySelectorAll('img')) picture.onload = keepAtEnd
  said.onclick = () => node.classList.toggle('told')
  return node
}

/** How it came and when, shown on pointing or tapping. */
function about(line, at) {
  const via = line.via === 'menu' ? t('menu_') : line.via && t(line.via)
  return [via, line.kf_account, toTheSecond(at)].filter(Boolean).join(' · ')
}

const myAvatar = () => avatar(state.current, current()?.name ?? '')

/** The agent's picture where one speaks by name, else the account's. */
function accountAvatar({ kf_name: name, kf_picture: picture, kf_account: account }) {
  if (picture) return el('img', { class: 'avatar', src: picture, alt: '' })
  if (name) return avatar(account ?? name, name)
  const node = avatar(state.account.original_id, state.account.name)
  node.classList.add('account')
  return node
}
