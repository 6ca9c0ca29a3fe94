import type { ShownMessage } from '@/stores/messages'
import { expect, it } from 'vitest'
import { costOf, joinsLast } from './cost'

const NOW = Date.parse('2026-11-24T01:00:00Z')

function line(id: number, text: string, more: Partial<ShownMessage> = {}): ShownMessage {
  const held_until = new Date(NOW + 2_000).toISOString()
  return { id, kind: 'text', text, direction: 'out', state: 'queued', held_until, joined_to: null, author: { id: 7, name: '' }, ...more } as ShownMessage
}

it('counts the files and the parts of the words', () => {
  expect(costOf('', 2, false)).toEqual({ sends: 2, joins: false })
  expect(costOf('您好', 1, false)).toEqual({ sends: 2, joins: false })
  expect(costOf('长'.repeat(1500), 0, false)).toEqual({ sends: 3, joins: false })
})

it('knows that a line costs nothing that leaves with the one before', () => {
  expect(costOf('还有', 0, joinsLast('还有', [line(1, '您好')], 7, NOW))).toEqual({ sends: 0, joins: true })
})

it.each([
  ['nothing is held', [line(1, '您好', { state: 'sent' })]],
  ['the hold is over', [line(1, '您好', { held_until: new Date(NOW).toISOString() })]],
  ['a colleague wrote it', [line(1, '您好', { author: { id: 8, name: '' } })]],
  ['it is a picture', [line(1, '', { kind: 'image' })]],
  ['there would be too much for one message', [line(1, '长'.repeat(400)), line(2, '长'.repeat(282), { joined_to: 1 })]],
])('does not join when %s', (_, thread) => {
  expect(joinsLast('还有', thread, 7, NOW)).toBe(false)
})
