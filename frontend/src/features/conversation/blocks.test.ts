import type { Message } from '@/api/types'
import { expect, it } from 'vitest'
import { blocksOf } from './blocks'

let ids = 0

function message(sentAt: string, more: Partial<Message> = {}): Message {
  return {
    id: ++ids,
    version: 1,
    conversation_id: 1,
    direction: 'in',
    kind: 'text',
    text: '',
    content: {},
    state: null,
    reason: null,
    errcode: null,
    client_id: null,
    author: null,
    held_until: null,
    joined_to: null,
    place: null,
    sent_at: sentAt,
    received_at: sentAt,
    ...more,
  }
}

function shapes(...messages: Message[]): string[] {
  return blocksOf([{ id: 1, openedAt: '', messages }]).map(block => block.kind === 'bubbles'
    ? `${block.own ? 'own' : 'customer'} ${block.messages.length}`
    : block.kind)
}

const AGENT = { id: 7, name: '王敏' }

it('groups what one person says within a minute', () => {
  expect(shapes(message('2026-11-24T01:00:00Z'), message('2026-11-24T01:00:40Z'), message('2026-11-24T01:03:00Z'))).toEqual(['day', 'customer 2', 'customer 1'])
})

it('parts the words of two agents', () => {
  const out = { direction: 'out', author: AGENT } as const
  expect(shapes(message('2026-11-24T01:00:00Z', out), message('2026-11-24T01:00:01Z', {
    ...out,
    author: { id: 8, name: '李强' },
  }))).toEqual(['day', 'own 1', 'own 1'])
})

it('parts what each automatic rule says, and the keeper of windows', () => {
  const own = (seconds: number, content: Message['content']) => message(`2026-11-24T01:00:0${seconds}Z`, { direction: 'out', content })
  const rule = (id: number) => ({ rule: { id, name: '欢迎' } })
  expect(shapes(own(0, rule(1)), own(1, rule(1)), own(2, rule(2)), own(3, { keeper: true }), own(4, {}))).toEqual(['day', 'own 2', 'own 1', 'own 1', 'own 1'])
})

it('begins a day with its date', () => {
  expect(shapes(message('2026-11-23T01:00:00Z'), message('2026-11-24T01:00:00Z'))).toEqual([
    'day',
    'customer 1',
    'day',
    'customer 1',
  ])
})

it('tells what happened in a line of its own', () => {
  expect(shapes(message('2026-11-24T01:00:00Z'), message('2026-11-24T01:00:01Z', { direction: 'system', kind: 'taken' }), message('2026-11-24T01:00:02Z'))).toEqual([
    'day',
    'customer 1',
    'event',
    'customer 1',
  ])
})

it('parts an earlier conversation from this one', () => {
  const blocks = blocksOf([
    { id: 1, openedAt: '2026-11-20T01:00:00Z', messages: [message('2026-11-20T01:00:00Z')] },
    {
      id: 2,
      openedAt: '2026-11-24T01:00:00Z',
      messages: [message('2026-11-24T01:00:00Z', { conversation_id: 2 })],
    },
  ])
  expect(blocks.map(block => block.kind === 'chapter' ? block.previous : block.kind)).toEqual([true, 'bubbles', false, 'bubbles'])
})
