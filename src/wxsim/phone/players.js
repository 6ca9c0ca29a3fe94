/** Voices and music: one of them at a time. */

import { el, icon, toast } from './dom.js'
import { t } from './words.js'

let playing = null // {audio, end}
const heard = new Set() // line ids of voices listened to

/** A voice: as long as it lasts, red until heard. */
export function voiceBubble(line) {
  const length = el('span', { class: 'seconds' })
  const button = el('button', { class: 'bubble speech talking', type: 'button' }, icon('wave'), length)
  const lasts = seconds => {
    const whole = Math.min(60, Math.max(1, Math.round(seconds)))
    length.textContent = `${whole}″`
    button.ariaLabel = `${t('voice')} ${whole}″`
    button.style.setProperty('--seconds', whole)
  }
  lasts(line.seconds ?? 1)
  if (!line.seconds) measure(line.play, lasts)
  button.classList.toggle('unheard', line.from === 'account' && !heard.has(line.id))
  button.onclick = () => {
    heard.add(line.id)
    button.classList.remove('unheard')
    toggle(button, line.play, sounding => button.classList.toggle('sounding', sounding))
  }
  return button
}

function measure(url, tell) {
  const audio = new Audio()
  audio.preload = 'metadata'
  audio.onloadedmetadata = () => { if (Number.isFinite(audio.duration)) tell(audio.duration) }
  audio.src = url
}

export function musicCard(line) {
  const url = [line.hq_url, line.url].find(isOurs)
  const button = el('button', { class: 'icon', type: 'button', ariaLabel: t('play') }, icon('play'))
  button.onclick = () => url ? toggle(button, url, shown) : toast(t('playsElsewhere'))
  const shown = sounding => {
    button.replaceChildren(icon(sounding ? 'pause' : 'play'))
    button.ariaLabel = t(sounding ? 'pause' : 'play')
  }
  return el(
    'div', { class: 'bubble card music' },
    line.thumb_url ? el('img', { src: line.thumb_url, alt: '' }) : null,
    el('div', {}, el('b', {}, line.title || t('music')), el('small', {}, line.description ?? '')),
    button,
  )
}

export function isOurs(url) {
  try {
    return Boolean(url) && new URL(url, location.href).origin === location.origin
  }
  catch {
    return false
  }
}

function toggle(node, url, shown) {
  const again = playing?.node === node
  playing?.stop()
  if (again) return
  const audio = new Audio(url)
  const stop = () => { audio.pause(); shown(false); playing = null }
  playing = { node, stop }
  audio.onended = stop
  audio.onerror = () => { stop(); toast(t('cannotPlay')) }
  shown(true)
  audio.play().catch(() => {}) // told by onerror
}
