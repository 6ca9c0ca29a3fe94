/** What the customer writes with: text, emoji, voice; and the way to all the rest. */

import { does } from './acts.js'
import { $, el, icon } from './dom.js'
import { closeSubMenu, renderMenu, showMenu } from './menu.js'
import { renderPlus } from './plus.js'
import { current, state } from './state.js'
import { setUpTalk } from './talk.js'
import { t } from './words.js'

const EMOJI = [...'😀😁😂🤣😊😍😘😜🤔😏😴😭😢😡😱😅👍👎👌🙏👏💪🤝👋🌹🎉🎁🔥❤💔⭐☀🌙☕🍎🚚📦🧾💰✅']
const PANELS = [['show-emoji', 'emoji-panel'], ['show-plus', 'plus-panel']]

/** Drafts stay with the customer they were written for. */
const drafts = new Map()

export function setUpComposer() {
  const text = $('text')
  $('composer').onsubmit = event => { event.preventDefault(); write() }
  text.oninput = () => { drafts.set(state.current, text.value); fit() }
  text.onkeydown = onKey
  text.onfocus = closePanels
  $('show-voice').onclick = toggleVoice
  $('show-menu').onclick = () => { closePanels(); showMenu(true) }
  $('show-keyboard').onclick = () => { showMenu(false); $('text').focus() }
  $('follow').onclick = () => does({ type: 'subscribe' }, t('followed'))
  $('thread').addEventListener('click', closeSubMenu)
  for (const [button, panel] of PANELS) $(button).onclick = () => toggle(panel)
  setUpTalk()
  $('emoji-panel').append(...EMOJI.map(emoji => el('button', { type: 'button', onclick: () => insert(emoji) }, emoji)))
}

/** Texts again after a change of language; state again after a change of customer. */
export function renderComposer() {
  const follower = current()
  $('composer').hidden = !follower?.following
  $('unfollowed').hidden = !follower || follower.following
  renderPlus(closePanels)
  renderMenu()
}

export function showDraft() {
  $('text').value = drafts.get(state.current) ?? ''
  closePanels()
  fit()
}

/** Enter sends, Shift+Enter is a new line; Enter that ends a Chinese composition does neither. */
function onKey(event) {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
  event.preventDefault()
  write()
}

async function write() {
  const openid = state.current
  const content = $('text').value.trim()
  if (content === '') return
  $('text').value = ''
  drafts.delete(openid)
  fit()
  const taken = await does({ type: 'text', content })
  if (!taken && $('text').value === '' && state.current === openid) insert(content)
}

function toggleVoice() {
  const talks = $('talk').hidden
  $('talk').hidden = !talks
  $('text').hidden = talks
  $('show-voice').replaceChildren(icon(talks ? 'keyboard' : 'voice'))
  $('show-voice').ariaLabel = $('show-voice').title = t(talks ? 'keyboard' : 'voice')
  closePanels()
  fit()
  if (!talks) $('text').focus()
}

function toggle(panel) {
  const opens = $(panel).hidden
  closePanels()
  $(panel).hidden = !opens
  expanded()
}

export function closePanels() {
  for (const [, panel] of PANELS) $(panel).hidden = true
  expanded()
}

function expanded() {
  for (const [button, panel] of PANELS) $(button).ariaExpanded = String(!$(panel).hidden)
  const thread = $('thread')
  thread.scrollTop = thread.scrollHeight
}

function insert(what) {
  const text = $('text')
  text.setRangeText(what, text.selectionStart, text.selectionEnd, 'end')
  drafts.set(state.current, text.value)
  fit()
}

/** As high as what is written, up to five lines; the plus becomes "send" when there is something. */
function fit() {
  const text = $('text')
  const ready = text.value.trim() !== '' && !text.hidden
  text.style.height = '38px'
  text.style.height = `${Math.min(text.scrollHeight, 112)}px`
  $('send').hidden = !ready
  $('show-plus').hidden = ready
}
