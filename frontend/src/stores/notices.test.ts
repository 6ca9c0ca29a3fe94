import type { Desk } from '../../dev/desk'
import { beforeEach, expect, it } from 'vitest'
import { signedIn } from '../../dev/signedIn'
import { useNotices } from './notices'

let desk: Desk

beforeEach(async () => {
  desk = await signedIn()
})

it('counts what is not read, and has the newest first', async () => {
  const first = desk.notify('mention')
  const second = desk.notify('breach')
  const notices = useNotices()
  await notices.load()

  expect(notices.all.map(({ id }) => id)).toEqual([second.id, first.id])
  expect(notices.bell.unread).toBe(2)
  expect(notices.newest).toBeNull()

  await notices.read(first)
  expect(notices.bell.unread).toBe(1)
  await notices.readAll()
  expect(notices.bell.unread).toBe(0)
})

it('tells what comes while it is open, once', async () => {
  const notices = useNotices()
  await notices.load()
  const notice = desk.notify('handed_over')
  notices.follow(notice)
  expect(notices.newest).toBe(notice)

  const read = { ...notice, read_at: notice.at, version: 2 }
  notices.follow(read)
  notices.follow(notice)

  expect(notices.all).toEqual([read])
  expect(notices.newest).toBe(notice)
})

it('does not let an older answer count over what the stream has told since', async () => {
  const notices = useNotices()
  desk.notify('note')
  const loading = notices.load()
  notices.ring({ id: desk.me!.id, unread: 7, muted: [] })
  await loading

  expect(notices.bell.unread).toBe(7)
})

it('keeps every kind of several that are muted in quick succession, and counts none of them', async () => {
  const notices = useNotices()
  desk.notify('note')
  desk.notify('rating')
  await notices.load()

  const muting = [notices.mute('note', true), notices.mute('rating', true), notices.mute('mention', true)]
  expect(notices.bell.muted).toEqual(['note', 'rating', 'mention'])
  notices.ring({ id: desk.me!.id, unread: 2, muted: ['note'] }) // of the first, from the stream
  const unmuting = notices.mute('mention', false)
  await Promise.all([...muting, unmuting])

  expect(desk.muted).toEqual(['note', 'rating'])
  expect(notices.bell).toMatchObject({ unread: 0, muted: ['note', 'rating'] })
})

it('shows what the desk has where it did not take a choice of kinds', async () => {
  const notices = useNotices()
  desk.notify('note')
  await notices.load()
  desk.fault = method => method === 'PUT' ? { status: 503, code: 'unavailable' } : undefined

  await expect(notices.mute('note', true)).rejects.toMatchObject({ code: 'unavailable' })

  expect(notices.bell).toMatchObject({ unread: 1, muted: [] })
})
