/** The list of customers: whose phone this is. */

import { $, avatar, el } from './dom.js'
import { byLastLine, now, state } from './state.js'
import { moment, t } from './words.js'

const SHOWN = 300

export function renderContacts(choose) {
  const contacts = byLastLine().slice(0, SHOWN).map(follower => el('li', {}, contact(follower, choose)))
  $('contact-list').replaceChildren(...contacts)
  $('no-contacts').hidden = contacts.length > 0
}

function contact(follower, choose) {
  const unread = state.unread.get(follower.openid) ?? 0
  const picture = avatar(follower.openid, follower.name)
  if (unread > 0) picture.append(el('span', { class: 'unread' }, String(Math.min(unread, 99))))
  const line = follower.last_line
  return el(
    'button',
    {
      class: follower.following ? 'contact' : 'contact gone',
      type: 'button',
      ariaCurrent: String(follower.openid === state.current),
      onclick: () => choose(follower.openid),
    },
    picture,
    el('span', { class: 'name' }, follower.name),
    el('span', { class: 'when' }, line ? moment(new Date(line.at), now()) : ''),
    el('span', { class: 'last' }, follower.following ? summary(line) : t('gone')),
  )
}

function summary(line) {
  if (!line) return t('noLine')
  if (line.sticker) return `[${t('sticker')}]`
  if (line.type === 'text' || line.from === 'system') return line.content.replace(/<a\s[^<>]*>([^<>]*)<\/a>/gi, '$1')
  return `[${t(line.type)}]${line.label ?? line.title ?? line.head ?? ''}`
}
