/** Questions on the phone: one line, or a small form. */

import { $, el } from './dom.js'
import { t } from './words.js'

/** The answer, or null where it was not given. */
export async function ask(question, proposal = '') {
  const answers = await fill('', [{ name: 'answer', label: question, value: proposal }])
  return answers && answers.answer
}

/**
 * A form: `fields` of {name, label, kind, value, choices, accept, multiple, optional}; kind is
 * line (if none is named), area, choice, check or file. Answers by name, or null: cancelled.
 */
export function fill(title, fields) {
  const dialog = $('ask')
  const inputs = new Map(fields.map(field => [field.name, input(field)]))
  $('ask-title').textContent = title
  $('ask-title').hidden = title === ''
  $('ask-fields').replaceChildren(...fields.map(field => labelled(field, inputs.get(field.name))))
  dialog.returnValue = ''
  dialog.showModal()
  const first = inputs.get(fields[0]?.name)
  first?.focus()
  first?.select?.()
  return new Promise(resolve => {
    dialog.onclose = () => resolve(dialog.returnValue === 'ok' ? read(inputs) : null)
  })
}

/** Several things to choose from, each a button; the chosen one's value, or null. */
export function choose(title, choices) {
  const dialog = $('choose')
  $('choose-title').textContent = title
  $('choose-list').replaceChildren(...choices.map(([value, name]) => el(
    'button', { class: 'choice', type: 'submit', value }, name,
  )))
  dialog.returnValue = ''
  dialog.showModal()
  return new Promise(resolve => { dialog.onclose = () => resolve(dialog.returnValue || null) })
}

function input({ kind, value = '', choices = [], accept, multiple = false, optional = false, capture }) {
  const required = !optional && kind !== 'check'
  switch (kind) {
    case 'area': return el('textarea', { value, rows: 4, required })
    case 'check': return el('input', { type: 'checkbox', checked: Boolean(value) })
    case 'choice': return el('select', {}, ...choices.map(([of, name]) => el('option', { value: of, selected: of === value }, name)))
    case 'file': return el('input', { type: 'file', accept: accept ?? '', multiple, required, ...(capture ? { capture } : {}) })
    default: return el('input', { value, required, autocomplete: 'off', maxLength: 2000 })
  }
}

function labelled({ kind, label }, node) {
  const name = el('span', {}, label)
  node.ariaLabel = label // alone: a label's text takes in what stands in a list
  if (kind === 'check') return el('label', { class: 'check' }, node, name)
  return el('label', {}, name, ...(kind === 'file' ? [node, chosenFiles(node)] : [node]))
}

/** In the page's language: the browser's own words are in the browser's. */
function chosenFiles(node) {
  const names = el('small', {})
  node.onchange = () => { names.textContent = [...node.files].map(file => file.name).join(', ') }
  return el('span', { class: 'file-button' }, t('chooseFile'), names)
}

function read(inputs) {
  return Object.fromEntries([...inputs].map(([name, node]) => [name, valueOf(node)]))
}

function valueOf(node) {
  if (node.type === 'checkbox') return node.checked
  if (node.type === 'file') return [...node.files]
  return node.value.trim()
}
