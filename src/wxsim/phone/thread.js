/** The chat: bubbles, times, grey lines. */

import { $, avatar, el, icon } from './dom.js'
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

export function toEnd() {
  $('thread').scrollTop = $('thread').scrollHeight
}

function withTime(line, before) {
  const at = new Date(line.at)
  const gap = before === undefined || at - new Date(before.at) > GAP_MS
  const node = line.from === 'system' ? el('p', { class: 'grey' }, line.content) : bubbleLine(line, at)
  return gap ? [el('time', { class: 'time', dateTime: line.at }, moment(at, now())), node] : [node]
}

function bubbleLine(line, at) {
  const mine = line.from === 'me'
  const bubble = BUBBLES[line.type]?.(line) ?? speech(line)
  const said = el('div', { class: 'said' }, bubble, el('small', { class: 'via' }, about(line, at)))
  const node = el('div', { class: mine ? 'line me' : 'line' }, mine ? myAvatar() : accountAvatar(), said)
  if (mine && line.msg_id) {
    node.dataset.msgId = line.msg_id
    said.append(el('span', { class: 'sending', ariaHidden: 'true' }))
    node.classList.toggle('under-way', state.underWay.has(line.msg_id))
  }
  bubble.onclick = () => node.classList.toggle('told')
  return node
}

/** How it came and when, shown on pointing or tapping. */
function about(line, at) {
  return [line.via && t(line.via), line.kf_account, toTheSecond(at)].filter(Boolean).join(' · ')
}

const myAvatar = () => avatar(state.current, current()?.name ?? '')

function accountAvatar() {
  const node = avatar(state.account.original_id, state.account.name)
  node.classList.add('account')
  return node
}

const speech = line => el('div', { class: 'bubble speech' }, line.content ?? `[${t(line.type)}]`)

const BUBBLES = {
  image: line => line.url
    ? el('div', { class: 'bubble picture' }, el('img', { src: line.url, alt: t('image'), onload: toEnd }))
    : speech(line),
  voice: line => line.seconds === undefined
    ? speech(line)
    : el('div', { class: 'bubble speech' }, el('span', { class: 'talking' }, icon('wave'), `${Math.round(line.seconds)}″`)),
  video: line => line.content
    ? speech(line)
    : el('div', { class: 'bubble film', ariaLabel: t('video') }, el('span', {}, '▶')),
  location: line => el(
    'div', { class: 'bubble card' },
    el('b', {}, line.label),
    el('small', {}, `${line.latitude.toFixed(4)}, ${line.longitude.toFixed(4)}`),
    el('div', { class: 'map' }, icon('place')),
  ),
  link: line => el(
    'div', { class: 'bubble card' },
    el('b', {}, line.title),
    el('small', {}, line.description || line.url),
  ),
}
