import type { Agent, Sending, Session } from '@/api/types'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { Problem, whenSignedOut } from '@/api/http'
import * as api from '@/api/session'
import { useClock } from './clock'

/** Nobody has been asked yet; the desk knows us; it does not; it cannot be reached. */
export type Standing = 'asking' | 'in' | 'out' | 'unreachable'

/** Who sits at this desk. */
export const useSession = defineStore('session', () => {
  const standing = shallowRef<Standing>('asking')
  const agent = shallowRef<Agent | null>(null)
  /** How what this agent sends leaves. */
  const sending = shallowRef<Sending>({ undo_seconds: 0, join_lines: false })
  /** The shortcuts that this agent has set otherwise, by action. */
  const hotkeys = shallowRef<Readonly<Record<string, string>>>({})
  const demo = shallowRef(false)
  const version = shallowRef('')
  /** Was signed in on this page before: the place and the drafts are waiting. */
  const expired = computed(() => standing.value !== 'in' && agent.value !== null)

  function begin(session: Session): void {
    useClock().set(session.server_time)
    agent.value = session.agent
    sending.value = session.preferences
    hotkeys.value = session.hotkeys ?? {}
    demo.value = session.demo
    version.value = session.app.version
    standing.value = 'in'
  }

  function end(problem: Problem): void {
    demo.value = problem.facts.demo === true
    standing.value = 'out'
  }

  /** Find out; a desk that cannot be reached leaves whoever is in, in. */
  async function ask(): Promise<void> {
    try {
      begin(await api.getSession())
    }
    catch (error) {
      if (standing.value !== 'in' && error instanceof Problem && error.code !== 'not_signed_in') standing.value = 'unreachable'
    }
  }

  /** @throws {Problem} wrong_credentials, too_many_tries, sign_in_locked, or the desk is away. */
  async function signIn(username: string, password: string): Promise<void> {
    begin(await api.signIn(username, password))
  }

  /** @throws {Problem} nothing was changed. */
  async function changeSending(wish: Sending): Promise<void> {
    begin(await api.changeSending(wish))
  }

  /** @throws {Problem} nothing was changed. */
  async function setHotkeys(wish: Readonly<Record<string, string>>): Promise<void> {
    begin(await api.setHotkeys(wish))
  }

  async function signOut(): Promise<void> {
    await api.signOut()
    agent.value = null
    standing.value = 'out'
  }

  whenSignedOut(end)

  return { standing, agent, sending, hotkeys, demo, version, expired, ask, signIn, changeSending, setHotkeys, signOut }
})
