/** What the customer can do: write, talk, send things, press the menu. */

import { act } from './api.js'
import { $, el, icon, toast } from './dom.js'
import { ask } from './ask.js'
import { current, state } from './state.js'
import { t } from './words.js'

const EMOJI = [...'😀😁😂🤣😊😍😘😜🤔😏😴😭😢😡😱😅👍👎👌🙏👏💪🤝👋🌹🎉🎁🔥❤💔⭐☀🌙☕🍎🚚📦🧾💰✅']
const MENU = [['menu1', 'CHECK_LOGISTICS'], ['menu2', 'RETURNS'], ['menu3', 'CONTACT_AGENT']]
const MAX_FILE_BYTES = 12_000_000
const PANELS = [['show-emoji', 'emoji-panel'], ['show-plus', 'plus-panel'], ['show-menu', 'menu-row']]

const TILES = [
  ['photo', 'photo', () => $('file').click()],
  ['video', 'video', () => does({ type: 'video' })],
  ['place', 'place', () => does({ type: 'location' })],
  ['link', 'link', sendLink],
  ['scan', 'scan', scan],
  ['pay', 'pay', pay],
  ['unfollow', 'unfollow', () => does({ type: 'unsubscribe' }, t('unfollowed'))],
]

/** Drafts stay with the customer they were written for. */
const drafts = new Map()
let pressedAt = null

export function setUpComposer() {
  const text = $('text')
  $('composer').onsubmit = event => { event.preventDefault(); write() }
  text.oninput = () => { drafts.set(state.current, text.value); fit() }
  text.onkeydown = onKey
  text.onfocus = closePanels
  $('show-voice').onclick = toggleVoice
  $('file').onchange = sendPicture
  $('follow').onclick = () => does({ type: 'subscribe' }, t('followed'))
  for (const [button, panel] of PANELS) $(button).onclick = () => toggle(panel)
  setUpTalk()
  $('emoji-panel').append(...EMOJI.map(emoji => el('button', { type: 'button', onclick: () => insert(emoji) }, emoji)))
}

/** Texts again after a change of language; state again after a change of customer. */
export function renderComposer() {
  const follower = current()
  $('composer').hidden = !follower?.following
  $('unfollowed').hidden = !follower || follower.following
  $('plus-panel').replaceChildren(...TILES.map(([name, picture, does]) => el(
    'button', { class: 'tile', type: 'button', onclick: does }, el('span', {}, icon(picture)), t(name),
  )))
  $('menu-row').replaceChildren(...MENU.map(([name, key]) => el(
    'button', { type: 'button', onclick: () => does({ type: 'menu_click', key }, `${t('clicked')} · ${t(name)}`) }, t(name),
  )))
  $('text').placeholder = ''
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

function write() {
  const content = $('text').value.trim()
  if (content === '') return
  $('text').value = ''
  drafts.delete(state.current)
  fit()
  does({ type: 'text', content })
}

async function does(wish, done) {
  const openid = state.current
  closePanels()
  try {
    const sending = act(openid, wish)
    if (done) toast(done)
    await sending
  }
  catch (error) {
    toast(error.message)
    if (wish.type === 'text' && $('text').value === '' && state.current === openid) insert(wish.content)
  }
}

async function scan() {
  const scene = await ask(t('whichScene'), 'shop_1024')
  if (scene) does({ type: 'scan', scene }, `${t('scanned')} · ${scene}`)
}

async function pay() {
  const order = await ask(t('whichOrder'), `WG${Date.now()}`)
  if (order) does({ type: 'pay', order_id: order }, t('paid'))
}

async function sendLink() {
  const url = await ask(t('whichLink'), 'https://shop.example.com/p/8842')
  if (url) does({ type: 'link', title: t('link'), description: url, url })
}

function sendPicture() {
  const [file] = $('file').files
  $('file').value = ''
  if (!file) return
  if (file.size > MAX_FILE_BYTES) return toast(t('tooLarge'))
  const reader = new FileReader()
  reader.onload = () => does({ type: 'image', file: reader.result.split(',', 2)[1] })
  reader.readAsDataURL(file)
}

function setUpTalk() {
  const talk = $('talk')
  talk.onpointerdown = () => press()
  talk.onpointerup = () => release()
  talk.onpointercancel = talk.onpointerleave = () => { pressedAt = null; unpress() }
  talk.onclick = event => { if (event.detail === 0) does({ type: 'voice' }) } // by keyboard
}

function press() {
  pressedAt = performance.now()
  $('talk').classList.add('pressed')
  $('talk').textContent = t('letGo')
}

function release() {
  if (pressedAt === null) return
  const seconds = Math.max(1, Math.round((performance.now() - pressedAt) / 1000))
  unpress()
  pressedAt = null
  does({ type: 'voice', seconds })
}

function unpress() {
  $('talk').classList.remove('pressed')
  $('talk').textContent = t('holdToTalk')
}

function toggleVoice() {
  const talks = $('talk').hidden
  $('talk').hidden = !talks
  $('text').hidden = talks
  $('show-voice').replaceChildren(icon(talks ? 'keyboard' : 'voice'))
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

function closePanels() {
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
