import type { Desk } from '../../dev/desk'
import type { Agent } from '@/api/types'
import { beforeEach, expect, it, vi } from 'vitest'
import { signedIn } from '../../dev/signedIn'
import { useConversations } from './conversations'

let desk: Desk
let me: Agent
let colleague: Agent

beforeEach(async () => {
  desk = await signedIn()
  me = desk.me!
  colleague = desk.agent('王敏')
})

it('groups by who serves, the longest waiting first', async () => {
  const [first, second, mine, others, closed] = Array.from({ length: 5 }, (_, at) => desk.write(desk.contact(), String(at)).conversation_id)
  desk.assign(mine!, me)
  desk.assign(others!, colleague)
  desk.assign(closed!, colleague)
  desk.close(closed!, colleague)

  await useConversations().load()

  const ids = Object.fromEntries(Object.entries(useConversations().groups).map(([group, all]) => [
    group,
    all.map(({ id }) => id),
  ]))
  expect(ids).toEqual({ waiting: [first, second], mine: [mine], others: [others], closed: [closed] })
})

it('takes once, however often it is clicked', async () => {
  const { conversation_id: id } = desk.write(desk.contact(), '在吗')
  const conversations = useConversations()

  await Promise.all([conversations.take(id), conversations.take(id)])

  expect(vi.mocked(fetch).mock.calls.filter(([path]) => String(path).endsWith('take'))).toHaveLength(1)
  expect(conversations.groups.mine).toHaveLength(1)
})

it('tells who was faster', async () => {
  const { conversation_id: id } = desk.write(desk.contact(), '在吗')
  desk.assign(id, colleague)

  await expect(useConversations().take(id)).rejects.toMatchObject({
    code: 'taken',
    facts: { assignee: '王敏' },
  })
})

it('counts as read at once, and again as unread when the desk did not hear of it', async () => {
  const { conversation_id: id } = desk.write(desk.contact(), '在吗')
  desk.assign(id, me)
  const conversations = useConversations()
  await conversations.load()
  desk.fault = (_, path) => path.endsWith('read') ? { status: 503, code: 'unavailable' } : undefined

  const reading = conversations.read(id, conversations.byId.get(id)!.last_message!.id)
  expect(conversations.unread).toBe(0)
  await reading

  expect(conversations.unread).toBe(1)
})

it('loads the next page of a group', async () => {
  desk.pageSize = 2
  for (let at = 0; at < 5; at++) desk.write(desk.contact(), String(at))
  const conversations = useConversations()

  await conversations.load()
  expect(conversations.groups.waiting).toHaveLength(2)
  await conversations.loadMore('waiting')
  await conversations.loadMore('waiting')

  expect(conversations.groups.waiting).toHaveLength(5)
  expect(conversations.next.waiting).toBeNull()
})
