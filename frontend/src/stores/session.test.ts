import { beforeEach, expect, it, vi } from 'vitest'
import { Desk } from '../../dev/desk'
import { useSession } from './session'

let desk: Desk

beforeEach(async () => {
  desk = new Desk()
  desk.me = desk.agent('周小雨')
  vi.stubGlobal('fetch', desk.fetch)
  await useSession().ask()
})

it('is called by customers as the agent has chosen, here or on another screen', () => {
  const session = useSession()
  expect(session.alias).toBe('周小雨')

  session.follow({ ...desk.me!, alias: '小雨', version: 2 })
  expect(session.alias).toBe('小雨')

  session.follow({ ...desk.me!, alias: '', version: 1 })
  session.follow({ ...desk.agent('王敏'), alias: '敏敏', version: 9 })
  expect(session.alias).toBe('小雨')
})
