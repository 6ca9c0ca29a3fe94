import type { Screen } from './stream'
import type { Message } from '@/api/types'
import { locks } from 'node:worker_threads'
import { waitFor } from '@testing-library/vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Desk } from '../../dev/desk'
import { followDesk } from './stream'

let desk: Desk
let tabs: { screen: Screen, heard: string[], loads: () => number, close: () => void }[] = []
let agentId = 1000

beforeEach(() => {
  vi.stubGlobal('navigator', { locks, onLine: true })
  desk = new Desk()
  desk.me = desk.agent('周小雨')
  vi.stubGlobal('fetch', vi.fn(desk.fetch))
  agentId += 1
})

afterEach(() => {
  for (const tab of tabs) tab.close()
  tabs = []
})

async function openTab() {
  const heard: string[] = []
  const load = vi.fn(async () => {})
  const screen: Screen = {
    load,
    apply: (name, thing) => name === 'message' && heard.push((thing as Message).text),
    state: () => {},
    heard: () => {},
    serverTime: () => {},
    clockOff: () => {},
    signedOut: () => {},
    lead: () => {},
  }
  const tab = { screen, heard, loads: () => load.mock.calls.length, close: followDesk(agentId, screen) }
  tabs.push(tab)
  await waitFor(() => expect(tab.loads()).toBe(1))
  return tab
}

function connections(): Headers[] {
  return vi.mocked(fetch).mock.calls.map(([, init]) => new Headers(init?.headers))
}

it('opens one line for all tabs, and all of them hear', async () => {
  const first = await openTab()
  const second = await openTab()
  const third = await openTab()
  desk.write(desk.contact(), '你好')

  for (const tab of [first, second, third]) await waitFor(() => expect(tab.heard).toEqual(['你好']))
  expect(connections()).toHaveLength(1)
})

it('hands the line over when the leading tab closes, from the last number', async () => {
  const first = await openTab()
  const second = await openTab()
  const customer = desk.contact()
  desk.write(customer, '一')
  await waitFor(() => expect(second.heard).toEqual(['一']))
  const before = desk.log.length

  first.close()
  desk.write(customer, '二')

  await waitFor(() => expect(second.heard).toEqual(['一', '二']))
  expect(connections().map(headers => headers.get('last-event-id'))).toEqual([null, String(before)])
  expect(second.loads()).toBe(1)
})

it('reads the state when it enters late, at the position of the leader', async () => {
  await openTab()
  desk.write(desk.contact(), '早先')

  const late = await openTab()
  desk.write(desk.contact(), '后来')

  await waitFor(() => expect(late.heard).toEqual(['后来']))
})

it('reads the state again when it missed something', async () => {
  await openTab()
  const second = await openTab()
  const channel = new BroadcastChannel(`wxdesk-live-${agentId}`)

  channel.postMessage({ kind: 'event', number: 40, after: 39, name: 'message', thing: { text: '隔了许多' } })

  await waitFor(() => expect(second.loads()).toBe(2))
  expect(second.heard).toEqual(['隔了许多'])
  channel.close()
})

it('leads for itself alone where tabs cannot talk to each other', async () => {
  vi.stubGlobal('navigator', { onLine: true })
  await openTab()
  await openTab()

  expect(connections()).toHaveLength(2)
})
