import { beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import { AWAY_MS, useSteadyOrder } from './useSteadyOrder'

const MOUSE = { pointerType: 'mouse' } as PointerEvent
const entries = (keys: string) => [...keys].map(key => ({ key }))

beforeEach(() => { vi.useFakeTimers() })

function steady() {
  const wanted = shallowRef(entries('abc'))
  const scope = effectScope()
  return { wanted, scope, ...scope.run(() => useSteadyOrder(() => wanted.value))! }
}

it('follows the order while the pointer is elsewhere', async () => {
  const { wanted, shown } = steady()
  wanted.value = entries('cab')
  await nextTick()

  expect(shown.value).toEqual(entries('cab'))
})

it('does not move under the pointer, and says that it would', async () => {
  const { wanted, shown, waiting, enter } = steady()
  enter(MOUSE)
  wanted.value = entries('cabd')
  await nextTick()

  expect(shown.value).toEqual(entries('abc'))
  expect(waiting.value).toBe(true)
})

it('moves when the pointer has been away for a second, not when it comes back before', async () => {
  const { wanted, shown, enter, leave } = steady()
  enter(MOUSE)
  wanted.value = entries('cab')
  leave()
  await vi.advanceTimersByTimeAsync(AWAY_MS - 1)
  enter(MOUSE)
  await vi.advanceTimersByTimeAsync(AWAY_MS)
  expect(shown.value).toEqual(entries('abc'))

  leave()
  await vi.advanceTimersByTimeAsync(AWAY_MS)
  expect(shown.value).toEqual(entries('cab'))
})

it('takes in under the pointer what was asked for, and moves nothing', async () => {
  const { wanted, shown, waiting, enter, grow } = steady()
  enter(MOUSE)
  wanted.value = entries('xcydab')
  await nextTick()
  grow()

  expect(shown.value).toEqual(entries('xabcyd'))
  expect(waiting.value).toBe(true)
})

it('leaves no timer behind', () => {
  const { scope, enter, leave } = steady()
  enter(MOUSE)
  leave()
  scope.stop()

  expect(vi.getTimerCount()).toBe(0)
})

it('says of each row by how many places it would move up', async () => {
  const { wanted, jumps, enter } = steady()
  enter(MOUSE)
  wanted.value = entries('dcab')
  await nextTick()

  expect([...jumps.value]).toEqual([['c', 2]])
})
