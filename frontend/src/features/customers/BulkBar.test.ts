import { fireEvent, render, screen, waitFor } from '@testing-library/vue'
import { expect, it, vi } from 'vitest'
import BulkBar from './BulkBar.vue'

const IDS = Array.from({ length: 450 }, (_, at) => at + 1)

function open() {
  return render(BulkBar, { props: { ids: IDS, tags: [{ id: 7, name: '老客户' }], fields: [] } })
}

it('changes so many by a request, one after the other, and shows how far it is', async () => {
  const asked: number[][] = []
  let answer = () => {}
  vi.stubGlobal('fetch', vi.fn(async (_: string, { body }: { body: string }) => {
    const { ids, add_tag_ids: tags } = JSON.parse(body)
    expect(tags).toEqual([7])
    asked.push(ids)
    await new Promise<void>((resolve) => { answer = resolve })
    return Response.json({ items: ids.map((id: number) => ({ id, code: id === 201 ? 'too_many_tags' : null })) })
  }))
  const { emitted } = open()

  await fireEvent.click(screen.getByRole('button', { name: '应用' }))
  await waitFor(() => expect(asked).toHaveLength(1))
  answer()
  await waitFor(() => expect(asked).toHaveLength(2))
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('44')
  answer()
  await waitFor(() => expect(asked).toHaveLength(3))
  answer()
  await waitFor(() => expect(emitted().changed).toHaveLength(1))

  expect(asked.map(ids => ids.length)).toEqual([200, 200, 50])
  const [[done]] = emitted().changed as [[{ id: number, code: string | null }[]]]
  expect(done.map(({ id }) => id)).toEqual(IDS)
  expect(done.filter(({ code }) => code)).toEqual([{ id: 201, code: 'too_many_tags' }])
})

it('keeps what was done where a later request fails', async () => {
  vi.stubGlobal('fetch', vi.fn(async (_: string, { body }: { body: string }) => {
    const { ids } = JSON.parse(body)
    if (ids[0] > 200) return Response.json({ code: 'unavailable' }, { status: 503 })
    return Response.json({ items: ids.map((id: number) => ({ id, code: null })) })
  }))
  const { emitted } = open()

  await fireEvent.click(screen.getByRole('button', { name: '应用' }))
  await waitFor(() => expect(emitted().changed).toHaveLength(1))

  const [[done]] = emitted().changed as [[unknown[]]]
  expect(done).toHaveLength(200)
})
