import { beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import { ANSWER_WITHIN_MS, ASK_AFTER_MS, useIdle } from './useIdle'

beforeEach(() => {
  vi.useFakeTimers()
})

function sat(matters = shallowRef(true)) {
  const [gone, back] = [vi.fn(), vi.fn()]
  const scope = effectScope()
  const idle = scope.run(() => useIdle(() => matters.value, gone, back))!
  return { ...idle, gone, back, matters, scope }
}

it('asks after ten minutes without a touch, and a minute later nobody is there', () => {
  const { askedUntil, gone, back, scope } = sat()

  vi.advanceTimersByTime(ASK_AFTER_MS - 1)
  expect(askedUntil.value).toBeNull()
  vi.advanceTimersByTime(1)
  expect(askedUntil.value).toBe(Date.now() + ANSWER_WITHIN_MS)
  expect(gone).not.toHaveBeenCalled()
  vi.advanceTimersByTime(ANSWER_WITHIN_MS)
  expect(gone).toHaveBeenCalledOnce()
  expect(askedUntil.value).toBeNull()

  window.dispatchEvent(new Event('pointermove'))
  expect(back).toHaveBeenCalledOnce()
  scope.stop()
  expect(vi.getTimerCount()).toBe(0)
})

it('begins anew with every touch, here or in another tab', () => {
  const { askedUntil, gone, back, scope } = sat()

  vi.advanceTimersByTime(ASK_AFTER_MS)
  window.dispatchEvent(new Event('keydown'))
  expect(askedUntil.value).toBeNull()
  vi.advanceTimersByTime(ASK_AFTER_MS - 1)
  window.dispatchEvent(new StorageEvent('storage', { key: 'wxdesk:touched' }))
  vi.advanceTimersByTime(ASK_AFTER_MS - 1)

  expect(askedUntil.value).toBeNull()
  expect(gone).not.toHaveBeenCalled()
  expect(back).not.toHaveBeenCalled()
  scope.stop()
})

it('asks nobody who is not online anyhow', async () => {
  const { askedUntil, matters, gone, scope } = sat(shallowRef(false))
  vi.advanceTimersByTime(ASK_AFTER_MS + ANSWER_WITHIN_MS)
  expect(gone).not.toHaveBeenCalled()

  matters.value = true
  await nextTick()
  vi.advanceTimersByTime(ASK_AFTER_MS)
  expect(askedUntil.value).not.toBeNull()
  matters.value = false
  await nextTick()
  expect(askedUntil.value).toBeNull()
  scope.stop()
})
