/** The account's menu at the foot of the chat, as it is set at the platform. */

import { does } from './acts.js'
import { call } from './api.js'
import { fill } from './ask.js'
import { $, el, icon } from './dom.js'
import { base64, PICTURES } from './files.js'
import { PLACES, placeFields, placeOf } from './places.js'
import { state } from './state.js'
import { t } from './words.js'

let buttons = []

/** Read it for the current customer; menus may differ by tag. */
export async function readMenu() {
  const openid = state.current
  const read = openid === null ? [] : (await call('GET', `followers/${openid}/menu`)).items
  if (openid !== state.current) return
  buttons = read
  renderMenu()
}

export const hasMenu = () => buttons.length > 0

export function renderMenu() {
  $('menu-row').replaceChildren(...buttons.map((button, at) => top(button, at)))
  $('show-menu').hidden = !hasMenu()
  $('show-keyboard').hidden = !hasMenu()
  if (!hasMenu()) showMenu(false)
}

/** Menu or keyboard: one of them is at the foot. */
export function showMenu(shown) {
  $('menu-bar').hidden = !shown
  $('input-row').hidden = shown
  closeSubMenu()
}

export function closeSubMenu() {
  document.querySelector('.sub-menu')?.remove()
  for (const button of $('menu-row').children) button.ariaExpanded = null
}

function top(button, at) {
  const below = button.sub_button ?? []
  if (below.length === 0) return el('button', { type: 'button', onclick: () => press(button, [at]) }, button.name)
  return el('button', {
    type: 'button', class: 'opens', ariaHasPopup: 'menu', onclick: event => open(event.currentTarget, below, at),
  }, icon('menu'), button.name)
}

function open(button, below, at) {
  const wasOpen = button.ariaExpanded === 'true'
  closeSubMenu()
  if (wasOpen) return
  button.ariaExpanded = 'true'
  const list = el('div', { class: 'sub-menu', role: 'menu' }, ...below.map((sub, place) => el(
    'button', { type: 'button', role: 'menuitem', onclick: () => { closeSubMenu(); press(sub, [at, place]) } }, sub.name,
  )))
  list.style.setProperty('--at', at)
  list.style.setProperty('--of', buttons.length)
  list.onkeydown = event => {
    if (event.key === 'Escape') { closeSubMenu(); button.focus() }
    if (event.key === 'ArrowDown') (document.activeElement.nextSibling ?? list.firstChild).focus()
    if (event.key === 'ArrowUp') (document.activeElement.previousSibling ?? list.lastChild).focus()
  }
  $('menu-bar').append(list)
  list.firstChild.focus()
}

/** Some buttons ask for something first, as the phone would. */
async function press(button, path) {
  const wish = { type: 'menu_click', path }
  const asks = ASKS[button.type]
  const more = asks ? await asks(button) : {}
  if (more) does({ ...wish, ...more }, `${t('clicked')} · ${button.name}`)
}

const ASKS = {
  scancode_push: ask => scan(ask),
  scancode_waitmsg: ask => scan(ask),
  pic_sysphoto: ask => pictures(ask, { capture: 'environment' }),
  pic_photo_or_album: ask => pictures(ask),
  pic_weixin: ask => pictures(ask),
  location_select: place,
}

async function scan(button) {
  const answers = await fill(button.name, [
    { name: 'code', label: t('byText'), value: 'https://shop.example.com/p/8842', optional: true },
    { name: 'picture', label: t('byPicture'), kind: 'file', accept: 'image/*', optional: true },
  ])
  if (!answers) return null
  const [picture] = answers.picture
  return picture ? { picture: await base64(picture) } : { code: answers.code }
}

async function pictures(button, { capture } = {}) {
  const answers = await fill(button.name, [
    { name: 'pictures', label: t('pictures'), kind: 'file', accept: PICTURES, multiple: !capture, optional: true, capture },
  ])
  return answers && { pictures: await Promise.all(answers.pictures.slice(0, 9).map(base64)) }
}

async function place(button) {
  const answers = await fill(button.name, placeFields())
  return answers && { ...placeOf(answers), poi_name: PLACES[answers.place]?.name ?? '' }
}
