import { beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { EVERY_MS, useThrottledNews } from './useThrottledNews'

beforeEach(() => { vi.useFakeTimers() })

it('tells at most one thing each three seconds, and then the last', async () => {
  const { said, tell } = effectScope().run(useThrottledNews)!
  tell('一')
  tell('二')
  tell('三')
  expect(said.value).toBe('一')

  await vi.advanceTimersByTimeAsync(EVERY_MS)
  expect(said.value).toBe('三')
})
