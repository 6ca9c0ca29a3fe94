import type { Block } from './blocks'
import type { ShownMessage } from '@/stores/messages'
import { expect, it } from 'vitest'
import { computed, shallowRef } from 'vue'
import { blocksOf } from './blocks'
import { MOST_DRAWN, useDrawn } from './useDrawn'

const START = Date.parse('2026-03-01T00:00:00Z')
const LINES = 10_000

/** Customer and agent in turn, two minutes apart. */
function line(id: number): ShownMessage {
  const at = new Date(START + id * 120_000).toISOString()
  const own = id % 2 === 0
  return { id, conversation_id: 1, direction: own ? 'out' : 'in', kind: 'text', text: `${id}`, content: {}, client_id: null, author: own ? { id: 7 } : null, sent_at: at, received_at: at } as unknown as ShownMessage
}

function thread(from: number, to: number) {
  const bounds = shallowRef({ from, to })
  const blocks = computed(() => blocksOf([{ id: 1, openedAt: '', messages: Array.from({ length: bounds.value.to - bounds.value.from + 1 }, (_, at) => line(bounds.value.from + at)) }]))
  return { bounds, drawn: useDrawn(blocks) }
}

const ids = (blocks: readonly Block[]) => blocks.flatMap(block => block.kind === 'bubbles' ? block.messages.map(({ id }) => id!) : [])

it('draws the end of a thread of ten thousand lines, and no more than a screen needs', () => {
  const { drawn } = thread(1, LINES)
  expect(ids(drawn.blocks.value).at(-1)).toBe(LINES)
  expect(drawn.blocks.value.length).toBeLessThanOrEqual(MOST_DRAWN + 1)
  expect([drawn.above.value, drawn.below.value]).toEqual([true, false])
})

it('goes up to the first line and down to the last, and leaves none out', () => {
  const { drawn } = thread(1, LINES)
  const seen = new Set(ids(drawn.blocks.value))
  while (drawn.above.value) {
    const before = ids(drawn.blocks.value)
    drawn.up()
    expect(drawn.blocks.value.length).toBeLessThanOrEqual(MOST_DRAWN + 1) // and the day that begins there
    expect(ids(drawn.blocks.value)).toContain(before[0]) // what is read stays
    ids(drawn.blocks.value).forEach(id => seen.add(id))
  }
  expect(seen.size).toBe(LINES)
  expect(ids(drawn.blocks.value)[0]).toBe(1)

  while (drawn.below.value) {
    const before = ids(drawn.blocks.value)
    drawn.down()
    expect(ids(drawn.blocks.value)).toContain(before.at(-1))
  }
  expect(ids(drawn.blocks.value).at(-1)).toBe(LINES)
})

it('follows what comes in, or stays with what is read', () => {
  const { bounds, drawn } = thread(1, 1000)
  bounds.value = { from: 1, to: 1001 }
  expect(ids(drawn.blocks.value).at(-1)).toBe(1001)

  drawn.stay()
  const read = ids(drawn.blocks.value)
  bounds.value = { from: 1, to: 1005 }
  expect(ids(drawn.blocks.value)).toEqual(read)
  expect(drawn.below.value).toBe(true)
  drawn.follow()
  expect(ids(drawn.blocks.value).at(-1)).toBe(1005)
})

it('stays where it is when older lines come in above', () => {
  const { bounds, drawn } = thread(501, 1000)
  while (drawn.above.value) drawn.up()
  const read = ids(drawn.blocks.value)
  bounds.value = { from: 451, to: 1000 }

  expect(ids(drawn.blocks.value)).toEqual(read)
  expect(drawn.above.value).toBe(true)
})

it('shows what stands around a message', () => {
  const { drawn } = thread(1, LINES)
  drawn.around(5000)
  const shown = ids(drawn.blocks.value)
  expect(shown).toContain(5000)
  expect(shown[0]).toBeLessThan(4960)
  expect(shown.at(-1)).toBeGreaterThan(5040)
  drawn.around(3)
  expect(ids(drawn.blocks.value)[0]).toBe(1)
})

it('draws all of a thread that is short', () => {
  const { drawn } = thread(1, 50)
  drawn.stay()
  expect(ids(drawn.blocks.value)).toHaveLength(50)
  expect([drawn.above.value, drawn.below.value]).toEqual([false, false])
})
