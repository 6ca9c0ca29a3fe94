import type { Standing } from './allowed'
import type { ShownMessage } from '@/stores/messages'
import { expect, it } from 'vitest'
import { allowed } from './allowed'

const ME = 7
const STANDING: Standing = { me: ME, isAdmin: false, mayWrite: true, mayNote: true, isHeld: false }

function message(more: object = {}): ShownMessage {
  return { id: 1, direction: 'in', kind: 'text', text: '在吗', state: null, author: null, ...more } as unknown as ShownMessage
}

const own = (more: object = {}) => message({ direction: 'out', state: 'sent', author: { id: ME, name: '周小雨' }, ...more })

it.each<[string, ShownMessage, Partial<Standing>, string[]]>([
  ['a customer’s words', message(), {}, ['copy', 'quote', 'forward', 'quick']],
  ['a customer’s picture', message({ kind: 'image', text: '' }), {}, ['quote', 'forward']],
  ['for those who run the desk', message(), { isAdmin: true }, ['copy', 'quote', 'forward', 'quick', 'push']],
  ['a colleague’s conversation', message(), { mayWrite: false }, ['copy', 'forward', 'quick']],
  ['a conversation that has ended', message(), { mayWrite: false, mayNote: false }, ['copy', 'quick']],
  ['one’s own words', own(), {}, ['copy', 'quote', 'forward', 'quick', 'again']],
  ['one’s own words, held', own({ state: 'queued' }), { isHeld: true }, ['copy', 'quote', 'forward', 'quick', 'again', 'undo']],
  ['one’s own words, refused', own({ state: 'failed' }), {}, ['copy', 'quote', 'forward', 'quick', 'again', 'park']],
  ['one’s own picture, refused', own({ kind: 'image', text: '', state: 'failed' }), {}, ['quote', 'forward']],
  ['what did not get there', own({ id: null, state: 'unsent', question: null }), {}, ['copy', 'quick', 'again', 'park', 'remove']],
  ['what is still asked about', own({ id: null, state: 'unsent', question: {} }), {}, ['copy', 'quick', 'again', 'remove']],
  ['what is on its way', own({ id: null, state: 'sending', question: null }), {}, ['copy', 'quick', 'again']],
  ['a colleague’s words', own({ author: { id: 8, name: '王敏' }, state: 'failed' }), {}, ['copy', 'quote', 'forward', 'quick']],
  ['a note', message({ direction: 'note', kind: 'note', author: { id: ME, name: '周小雨' } }), { isAdmin: true }, ['copy', 'quote', 'forward']],
  ['a note, where one may not write', message({ direction: 'note', kind: 'note' }), { mayWrite: false }, ['copy', 'quote', 'forward']],
  ['what happened', message({ direction: 'system', kind: 'scan', text: 'counter' }), {}, ['copy']],
  ['what happened, for those who run the desk', message({ direction: 'system', kind: 'unsubscribe', text: '' }), { isAdmin: true }, ['copy', 'push']],
  ['what a link brought', message({ direction: 'system', kind: 'rating', text: '' }), { isAdmin: true }, ['copy']],
  ['more than a quick reply holds', message({ text: 'x'.repeat(2001) }), {}, ['copy', 'quote', 'forward']],
])('%s', (_, said, more, may) => {
  expect(allowed(said, { ...STANDING, ...more })).toEqual(may)
})
