/** What stands in a bubble, by kind. Text from people only ever becomes text nodes. */

import { does } from './acts.js'
import { el, icon } from './dom.js'
import { openPage, showFilm, showPicture } from './pages.js'
import { isOurs, musicCard, voiceBubble } from './players.js'
import { t } from './words.js'

const LINK = /<a\s+([^<>]*)>([^<>]*)<\/a>|(https?:\/\/[^\s<>"'，。！？；、）】]+)/gi
const HREF = /\bhref\s*=\s*["']([^"']*)["']/i

export const bubble = line => BUBBLES[line.type]?.(line) ?? speech(line)

const BUBBLES = {
  text: line => line.sticker ? el('div', { class: 'sticker', role: 'img', ariaLabel: t('sticker') }, icon(`sticker-${line.sticker}`)) : speech(line),
  image: line => line.url ? picture(line) : speech(line),
  voice: voiceBubble,
  video: film,
  shortvideo: film,
  location: place,
  link: line => linkCard(line, line.description || line.url),
  music: musicCard,
  news: articles,
  mpnews: articles,
  mpnewsarticle: articles,
  miniprogrampage: miniProgram,
  msgmenu: menu,
  wxcard: line => el(
    'div', { class: 'bubble card coupon' },
    el('div', { class: 'coupon-head' }, icon('coupon'), el('b', {}, t('coupon'))),
    el('small', {}, line.card_id), el('span', { class: 'foot' }, t('receiveCard')),
  ),
  file: line => el(
    'div', { class: 'bubble card file' },
    el('div', {}, el('b', {}, line.title), el('small', {}, size(line.size_bytes))), icon('file'),
  ),
  template: notice,
  subscribe: notice,
  notice,
}

function speech(line) {
  const text = line.content ?? `[${t(line.type)}]`
  return el('div', { class: 'bubble speech' }, ...(line.from === 'account' ? linked(text) : [text]))
}

/** As WeChat shows a text of the account: addresses and `<a href>` can be tapped, nothing else. */
function linked(text) {
  const nodes = []
  let end = 0
  for (const found of text.matchAll(LINK)) {
    const [whole, attributes, label, bare] = found
    const does = miniLink(attributes) ?? target(bare ?? HREF.exec(attributes)?.[1] ?? '', label)
    nodes.push(text.slice(end, found.index), does ? textLink(label ?? bare, does) : whole)
    end = found.index + whole.length
  }
  return [...nodes, text.slice(end)].filter(node => node !== '')
}

/** `data-miniprogram-appid` and `-path` go before href. */
function miniLink(attributes = '') {
  const appId = /data-miniprogram-appid\s*=\s*["']([^"']*)["']/i.exec(attributes)?.[1]
  const path = /data-miniprogram-path\s*=\s*["']([^"']*)["']/i.exec(attributes)?.[1]
  return appId ? () => openPage(`weapp://${appId}/${path ?? ''}`) : null
}

function target(href, label) {
  if (/^https?:\/\//i.test(href)) return () => openPage(href)
  if (!href.startsWith('weixin://bizmsgmenu?')) return null
  const query = new URLSearchParams(href.slice(href.indexOf('?')).replaceAll('&amp;', '&'))
  const content = query.get('msgmenucontent') ?? label
  return () => does({ type: 'msgmenu_click', id: query.get('msgmenuid') ?? '0', content })
}

const textLink = (label, onclick) => el('button', { class: 'text-link', type: 'button', onclick }, label)

function picture(line) {
  return el(
    'button', { class: 'bubble picture', type: 'button', ariaLabel: t('openPicture'), onclick: () => showPicture(line.url, t('image')) },
    el('img', { src: line.url, alt: t('image') }),
  )
}

function film(line) {
  if (!line.url) return speech(line)
  const button = el(
    'button', { class: 'bubble film', type: 'button', ariaLabel: `${t('play')} ${t(line.type)}`, onclick: () => showFilm(line.url, line.thumb_url) },
    el('img', { src: line.thumb_url, alt: '' }), el('span', { class: 'film-play' }, icon('play')),
  )
  if (!line.title && !line.description) return button
  return el('div', { class: 'titled' }, button, el('b', {}, line.title ?? ''), el('small', {}, line.description ?? ''))
}

function place(line) {
  return el(
    'div', { class: 'bubble card' },
    el('b', {}, line.label), el('small', {}, `${line.latitude.toFixed(4)}, ${line.longitude.toFixed(4)}`),
    el('div', { class: 'map' }, icon('place')),
  )
}

function linkCard({ title, url, picture_url: pictureUrl }, words) {
  const still = isOurs(pictureUrl) ? el('img', { src: pictureUrl, alt: '' }) : el('span', { class: 'no-picture' }, icon('link'))
  return el(
    'button', { class: 'bubble card link', type: 'button', onclick: () => openPage(url) },
    el('b', {}, title), el('span', { class: 'link-body' }, el('small', {}, words), still),
  )
}

/** The first large, the others in rows below it. */
function articles(line) {
  const all = line.articles ?? []
  if (all.length === 0) return speech(line)
  if (all.length === 1 && !isOurs(all[0].picture_url)) return linkCard(all[0], all[0].description || host(all[0].url))
  return el('div', { class: 'bubble card news' }, ...all.map((article, at) => el(
    'button', { class: at === 0 ? 'head' : 'row', type: 'button', onclick: () => openPage(article.url) },
    isOurs(article.picture_url) ? el('img', { src: article.picture_url, alt: '' }) : el('span', { class: 'no-picture' }, icon('link')),
    el('b', {}, article.title), at === 0 && all.length === 1 ? el('small', {}, article.description) : null,
  )))
}

function miniProgram(line) {
  return el(
    'button', { class: 'bubble card mini', type: 'button', onclick: () => openPage(`weapp://${line.app_id}/${line.page_path}`) },
    el('small', { class: 'mini-name' }, icon('mini'), line.app_id), el('b', {}, line.title),
    line.thumb_url ? el('img', { src: line.thumb_url, alt: '' }) : el('span', { class: 'no-picture' }, icon('mini')),
    el('span', { class: 'foot' }, icon('mini'), t('miniProgram')),
  )
}

/** Its lines can be tapped, each time again, as WeChat's. */
function menu(line) {
  const lines = line.items.map(({ id, content }) => textLink(content, () => does({ type: 'msgmenu_click', id: String(id), content })))
  return el(
    'div', { class: 'bubble speech menu-lines' },
    line.head ? el('p', {}, line.head) : null, ...lines, line.tail ? el('p', {}, line.tail) : null,
  )
}

function notice(line) {
  const aim = line.mini_program ? `weapp://${line.mini_program.app_id}/${line.mini_program.page_path}` : line.url
  return el(
    'div', { class: 'bubble card notice' },
    el('b', {}, line.title),
    el('dl', {}, ...(line.rows ?? []).flatMap(({ name, value }) => [el('dt', {}, name), el('dd', {}, value)])),
    aim ? el('button', { class: 'foot', type: 'button', onclick: () => openPage(aim) }, t('details'), icon('next')) : null,
  )
}

function host(url) {
  try {
    return new URL(url).hostname
  }
  catch {
    return url
  }
}

function size(bytes = 0) {
  return bytes < 1024 ? `${bytes} B` : bytes < 1024 ** 2 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`
}
