/** What the page knows: read from the control API, then kept up by live events. */

import { call } from './api.js'

export const state = {
  account: { name: '' },
  followers: new Map(), // openid → follower
  unread: new Map(), // openid → number
  underWay: new Set(), // msg_id of pushes that are not over
  current: null, // openid
  lines: [], // of the current chat, oldest first
  aheadMs: 0,
}

export const now = () => new Date(Date.now() + state.aheadMs)
export const current = () => state.followers.get(state.current) ?? null

export async function readAll() {
  const [account, followers, clock, pushes] = await Promise.all([
    call('GET', 'account'), call('GET', 'followers'), call('GET', 'clock'), call('GET', 'pushes'),
  ])
  state.account = account
  state.followers = new Map(followers.items.map(follower => [follower.openid, follower]))
  state.underWay = new Set(pushes.items.filter(push => push.state === 'under way').map(push => push.msg_id))
  state.aheadMs = Date.parse(clock.now) - Date.now()
  if (!state.followers.has(state.current)) state.current = null
  await readChat()
}

export async function readChat() {
  const openid = state.current
  const lines = openid === null ? [] : (await call('GET', `followers/${openid}/chat`)).items
  if (openid === state.current) state.lines = lines
}

/** Take what an event tells of a follower; true where the page has to show it. */
export function putFollower(told) {
  const { openid, name, following } = told
  const known = state.followers.get(openid)
  state.followers.set(openid, { last_line: null, ...known, ...told })
  return known?.name !== name || known.following !== following
}

/** The newest at the top. */
export function byLastLine() {
  const at = follower => follower.last_line?.at ?? follower.joined_at
  return [...state.followers.values()].sort((one, other) => at(other).localeCompare(at(one)))
}
