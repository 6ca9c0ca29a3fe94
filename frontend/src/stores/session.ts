import type { Agent, Sending, Session } from '@/api/types'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { Problem, UNREACHABLE, whenSignedOut } from '@/api/http'
import * as api from '@/api/session'
import { useClock } from './clock'
import { keepSession, keptSession, wipe } from './device'

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
  /** This browser may keep conversations. */
  const offlineCopies = shallowRef(false)
  /** The desk could not be asked: this browser remembers who is signed in. */
  const fromDevice = shallowRef(false)
  /** What customers call this agent. */
  const alias = computed(() => agent.value?.alias || agent.value?.name || '')
  /** Was signed in on this page before: the place and the drafts are waiting. */
  const expired = computed(() => standing.value !== 'in' && agent.value !== null)

  function begin(session: Session): void {
    useClock().set(session.server_time)
    void keepSession(session)
    show(session)
    fromDevice.value = false
  }

  function show(session: Session): void {
    agent.value = session.agent
    sending.value = session.preferences
    hotkeys.value = session.hotkeys ?? {}
    demo.value = session.demo
    version.value = session.app.version
    offlineCopies.value = session.offline_copies
    standing.value = 'in'
  }

  function end(problem: Problem): void {
    demo.value = problem.facts.demo === true
    standing.value = 'out'
    void wipe()
  }

  /** Find out; a desk that cannot be reached leaves whoever is in, in, and lets in whom this browser remembers. */
  async function ask(): Promise<void> {
    try {
      begin(await api.getSession())
    }
    catch (error) {
      if (standing.value === 'in' || !(error instanceof Problem) || error.code === 'not_signed_in') return
      const kept = error.code === UNREACHABLE ? await keptSession() : null
      fromDevice.value = kept !== null
      if (kept) show(kept)
      else standing.value = 'unreachable'
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

  /** @throws {Problem} nothing was changed. */
  async function setAlias(wish: string): Promise<void> {
    begin(await api.setAlias(wish))
  }

  /** By which colleagues know this agent; null: none. @throws {Problem} nothing was changed. */
  async function setPicture(picture: Blob | null): Promise<void> {
    begin(await (picture ? api.setPicture(picture) : api.removePicture()))
  }

  /** From the stream: what is chosen on another screen counts on this one. */
  function follow(told: Agent): void {
    if (agent.value && told.id === agent.value.id && told.version > agent.value.version) agent.value = told
  }

  async function signOut(): Promise<void> {
    await api.signOut()
    agent.value = null
    standing.value = 'out'
    await wipe()
  }

  whenSignedOut(end)

  return { standing, agent, alias, sending, hotkeys, demo, version, offlineCopies, fromDevice, expired, ask, signIn, changeSending, setHotkeys, setAlias, setPicture, follow, signOut }
})
