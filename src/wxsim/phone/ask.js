/** One question with one line for the answer. */

import { $ } from './dom.js'

/** The answer, or null where it was not given. */
export function ask(question, proposal = '') {
  const dialog = $('ask')
  $('ask-title').textContent = question
  $('ask-value').value = proposal
  dialog.returnValue = ''
  dialog.showModal()
  $('ask-value').select()
  return new Promise(resolve => {
    dialog.onclose = () => resolve(dialog.returnValue === 'ok' ? $('ask-value').value.trim() || null : null)
  })
}
