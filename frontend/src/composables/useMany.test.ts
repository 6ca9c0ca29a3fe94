import { afterEach, expect, it } from 'vitest'
import { Problem } from '@/api/http'
import { AT_ONCE, useMany } from './useMany'

const many = useMany()

afterEach(many.clear)

it('does each by itself, and tells of each why it was not done', async () => {
  const failed = await many.run('end', [1, 2, 3], async (id) => {
    if (id === 2) throw new Problem('not_assigned', 403, { assignee: '王敏' })
  })

  expect(failed).toEqual([{ id: 2, code: 'not_assigned', facts: { assignee: '王敏' } }])
  expect(many.shown.value!.outcomes.map(({ id, code }) => [id, code]).toSorted()).toEqual([[1, null], [2, 'not_assigned'], [3, null]])
  expect(many.running.value).toBe(false)
})

it('asks for a few at once, and shows how far it is', async () => {
  const waiting: (() => void)[] = []
  let most = 0
  const done = many.run('end', Array.from({ length: 10 }, (_, id) => id), () => {
    most = Math.max(most, waiting.length + 1)
    return new Promise<void>(resolve => waiting.push(resolve))
  })
  expect(waiting.length).toBe(AT_ONCE)

  while (many.running.value) {
    waiting.shift()?.()
    await new Promise(resolve => setTimeout(resolve))
  }
  await done
  expect(most).toBeLessThanOrEqual(AT_ONCE)
  expect(many.shown.value!.outcomes).toHaveLength(10)
})

it('throws on what is a mistake of ours', async () => {
  await expect(many.run('end', [1], async () => { throw new TypeError('no') })).rejects.toThrow(TypeError)
})
