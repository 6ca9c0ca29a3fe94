import { beforeEach, expect, it, vi } from 'vitest'
import { Desk } from '../../dev/desk'
import { useNotices } from './notices'
import { useSession } from './session'

let desk: Desk

beforeEach(async () => {
  desk = new Desk()
  desk.me = desk.agent('周小雨')
  vi.stubGlobal('fetch', desk.fetch)
  await useSession().ask()
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
