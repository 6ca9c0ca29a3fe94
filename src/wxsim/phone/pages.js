/** What the phone would show over the chat: web pages, pictures, films, texts. */

import { $, el, toast } from './dom.js'
import { state } from './state.js'
import { t } from './words.js'

// Pages of WeChat's own that the simulator has too.
const SIMULATED = { '/connect/oauth2/authorize': 'open.weixin.qq.com', '/mp/subscribemsg': 'mp.weixin.qq.com' }

/** A page that WeChat would open: its address, and the way through authorisation where it is ours. */
export function openPage(url) {
  const mini = url.startsWith('weapp://')
  const nodes = [
    el('p', { class: 'sheet-kind' }, t(mini ? 'openedMini' : 'openedPage')),
    el('code', { class: 'address' }, url),
    el('p', { class: 'sheet-note' }, t(mini ? 'wouldOpenMini' : 'wouldOpen')),
  ]
  const own = ownAddress(url)
  if (own) nodes.push(el('a', { class: 'primary', href: own.href, target: '_blank', rel: 'noopener' }, t(own.pathname in SIMULATED ? 'authorize' : 'openHere')))
  nodes.push(el('button', { class: 'quiet', type: 'button', onclick: () => copy(url) }, t('copy')))
  sheet('page-sheet', ...nodes)
}

export function showText(title, text) {
  sheet('page-sheet', el('p', { class: 'sheet-kind' }, title), el('code', { class: 'address' }, text),
    el('button', { class: 'quiet', type: 'button', onclick: () => copy(text) }, t('copy')))
}

export function showPicture(url, name) {
  sheet('viewer', el('img', { src: url, alt: name }))
}

export function showFilm(url, still) {
  sheet('viewer', el('video', { src: url, poster: still, controls: true, autoplay: true, playsInline: true }))
}

/** Over everything, until it is closed; what it played stops with it. */
export function sheet(look, ...children) {
  const dialog = $('sheet')
  dialog.className = look
  $('sheet-body').replaceChildren(...children)
  dialog.onclose = () => $('sheet-body').replaceChildren()
  dialog.onclick = event => { if (event.target === dialog || event.target === $('sheet-body')) dialog.close() }
  dialog.showModal()
  return dialog
}

/** Authorisation at WeChat's is done at the simulator's, as this customer; null: not ours. */
function ownAddress(text) {
  let url
  try {
    url = new URL(text)
  }
  catch {
    return null
  }
  if (url.pathname in SIMULATED && [SIMULATED[url.pathname], location.hostname].includes(url.hostname)) {
    const own = new URL(url.pathname + url.search, location.origin)
    own.searchParams.set('sim_openid', state.current)
    return own
  }
  const local = url.origin === location.origin || ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  return local && ['http:', 'https:'].includes(url.protocol) ? url : null
}

async function copy(text) {
  await navigator.clipboard?.writeText(text).catch(() => {})
  toast(t('copied'))
}
