import type { Desk } from '../../../dev/desk'
import { render } from '@testing-library/vue'
import { beforeEach, expect, it } from 'vitest'
import { defineComponent, nextTick } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useConversations } from '@/stores/conversations'
import { useNotices } from '@/stores/notices'
import { signedIn } from '../../../dev/signedIn'
import { useTitle } from './useTitle'

let desk: Desk

beforeEach(async () => {
  desk = await signedIn()
})

function show(): void {
  const Page = defineComponent({ setup: () => useTitle(), render: () => null })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: Page }] })
  render(Page, { global: { plugins: [router] } })
}

it('marks what is late, unless one does not want to hear of it', async () => {
  const { conversation_id: id } = desk.write(desk.contact(), '在吗')
  desk.assign(id, desk.me!)
  const conversations = useConversations()
  await conversations.load()
  show()
  expect(document.title).toMatch(/^\(1\)/)

  const talk = conversations.byId.get(id)!
  conversations.put({ ...talk, due_at: new Date(Date.now() - 60_000).toISOString(), version: talk.version + 1 })
  await nextTick()
  expect(document.title).toMatch(/^! \(1\)/)

  await useNotices().mute('breach', true)
  await nextTick()
  expect(document.title).toMatch(/^\(1\)/)
})
