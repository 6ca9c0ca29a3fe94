/** The phone page: puts its parts together and keeps them up to date. */

import { call, follow } from './api.js'
import { ask } from './ask.js'
import { invite, refreshBehind, renderBehind, tick } from './behind.js'
import { renderComposer, setUpComposer, showDraft } from './composer.js'
import { renderContacts } from './contacts.js'
import { $, toast } from './dom.js'
import { readMenu } from './menu.js'
import { showProfile } from './plus.js'
import { current, now, putFollower, readAll, readChat, state } from './state.js'
import { appendLine, markUnderWay, renderThread, showTyping } from './thread.js'
import { hourMinute, switchLanguage, t, translate } from './words.js'

const wide = matchMedia('(min-width: 720px)')

function renderFrame() {
  translate()
  $('language').textContent = t('otherLanguage')
  $('account-name').textContent = state.account.name
  $('nobody').hidden = current() !== null
  document.body.dataset.view = current() ? 'chat' : 'contacts'
}

function render() {
  renderFrame()
  renderContacts(choose)
  renderThread()
  renderComposer()
  renderBehind()
}

async function choose(openid) {
  state.current = openid
  state.unread.delete(openid)
  history.replaceState(null, '', openid ? `#${openid}` : location.pathname)
  await Promise.all([readChat(), readMenu()])
  showTyping(null)
  render()
  showDraft()
  refreshBehind()
  if (openid && wide.matches) $('text').focus()
}

async function begin() {
  $('offline').hidden = true
  try {
    await readAll()
  }
  catch (error) {
    return toast(error.message)
  }
  if (state.current === null && wide.matches && state.followers.size) {
    const [first] = state.followers.keys()
    return choose(state.followers.has(location.hash.slice(1)) ? location.hash.slice(1) : first)
  }
  await readMenu().catch(() => {}) // as of the last connection, until the next
  render()
  refreshBehind()
}

/** Many events in one frame are one new list. */
let coming = 0
function contactsSoon() {
  coming ||= requestAnimationFrame(() => { coming = 0; renderContacts(choose) })
}

const ON = {
  line({ openid, line }) {
    const follower = state.followers.get(openid)
    if (follower) follower.last_line = line
    if (openid === state.current) appendLine(line)
    else if (line.from !== 'me') state.unread.set(openid, (state.unread.get(openid) ?? 0) + 1)
    contactsSoon()
  },
  follower(follower) {
    const changed = putFollower(follower)
    if (changed) contactsSoon()
    if (follower.openid !== state.current) return
    if (changed) renderComposer()
    refreshBehind()
  },
  push({ push }) {
    if (push.state === 'under way') state.underWay.add(push.msg_id)
    else state.underWay.delete(push.msg_id)
    markUnderWay()
    refreshBehind()
  },
  clock({ now: moved }) {
    state.aheadMs = Date.parse(moved) - Date.now()
    renderContacts(choose)
    renderThread()
    refreshBehind()
  },
  typing({ openid, until }) {
    if (openid === state.current) showTyping(until)
  },
  call({ call: made }) {
    if (made.path.startsWith('/cgi-bin/menu/')) readMenu().catch(() => {}) // the page says that it is away
    refreshBehind()
  },
  faults: refreshBehind,
  reset() {
    state.unread.clear()
    state.current = null
    begin()
  },
}

async function add() {
  const name = await ask(t('newName'))
  if (name === null) return
  try {
    const follower = await call('POST', 'followers', { name, push: true })
    putFollower(follower)
    await choose(follower.openid)
  }
  catch (error) {
    toast(error.message)
  }
}

function closeBehind() {
  document.body.classList.remove('behind-open')
}

function everySecond() {
  $('phone-time').textContent = hourMinute(now())
  tick()
}

$('language').onclick = () => { switchLanguage(); render() }
$('add').onclick = add
$('invite').onclick = invite
$('back').onclick = () => choose(null)
$('profile').onclick = () => showProfile().catch(error => toast(error.message))
$('open-behind').onclick = () => document.body.classList.add('behind-open')
$('close-behind').onclick = closeBehind
document.onkeydown = event => { if (event.key === 'Escape') closeBehind() }

translate()
setUpComposer()
setInterval(everySecond, 1000)
everySecond()
follow({
  begin,
  lost: () => { $('offline').hidden = false },
  event: event => ON[event.event]?.(event),
})
