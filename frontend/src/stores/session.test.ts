import type { Desk } from '../../dev/desk'
import { beforeEach, expect, it } from 'vitest'
import { signedIn } from '../../dev/signedIn'
import { useSession } from './session'

let desk: Desk

beforeEach(async () => {
  desk = await signedIn()
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
