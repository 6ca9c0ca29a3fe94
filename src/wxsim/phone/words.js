/** Words in Chinese and English, and how moments are written. */

import { EN } from './en.js'
import { ZH } from './zh.js'

const remembered = localStorage.getItem('wxsim-language')
export let language = remembered ?? 'zh'
export const t = key => (language === 'zh' ? ZH : EN)[key] ?? key

/** Fill what stands in the page: `data-word` is its text, `data-label` its name. */
export function translate() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.title = `${t('title')} · wxsim`
  for (const node of document.querySelectorAll('[data-word]')) node.textContent = t(node.dataset.word)
  for (const node of document.querySelectorAll('[data-label]')) {
    node.ariaLabel = t(node.dataset.label)
    if (node.tagName === 'BUTTON') node.title = t(node.dataset.label)
  }
}

export function switchLanguage() {
  language = language === 'zh' ? 'en' : 'zh'
  localStorage.setItem('wxsim-language', language)
}

const two = number => String(number).padStart(2, '0')
export const hourMinute = date => `${date.getHours()}:${two(date.getMinutes())}`
export const toTheSecond = date => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`

/** As a chat writes it: today 14:05, yesterday's with the word, else with the date. */
export function moment(date, now) {
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000)
  if (days === 0) return hourMinute(date)
  if (days === 1) return `${t('yesterday')} ${hourMinute(date)}`
  const day = date.toLocaleDateString(document.documentElement.lang, { month: 'short', day: 'numeric' })
  return `${day} ${hourMinute(date)}`
}

/** 47 h 59 min as 47:59:00. */
export function countdown(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
