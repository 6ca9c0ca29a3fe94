import type { Ref } from 'vue'
import type { Alerts } from '@/api/alerts'
import { computed, shallowRef } from 'vue'
import { addDevice, getAlerts, removeDevice } from '@/api/alerts'
import { locale } from '@/i18n'
import { readKept, writeKept } from '@/stores/kept'

/**
 * How it stands with pushes in this browser: it cannot (`none`), not over http (`insecure`), not before the page is
 * on the home screen (`home`), the system or the person has closed it (`closed`), it is off, or on.
 */
export type PushHealth = 'none' | 'insecure' | 'home' | 'closed' | 'off' | 'on'

/** This browser was told to take pushes; it says so again whenever somebody signs in. */
const KEY = 'wxdesk:push'

const alerts = shallowRef<Alerts | null>(null)
const own = shallowRef<string | null>(null)
const permission = shallowRef<NotificationPermission>('Notification' in globalThis ? Notification.permission : 'denied')

export interface Push {
  alerts: Ref<Alerts | null>
  health: Ref<PushHealth>
  /** The number of this browser among one's devices. */
  ownId: Ref<number | null>
  load: () => Promise<void>
  /** @throws {Problem} the desk does not take it. */
  turnOn: () => Promise<boolean>
  turnOff: () => Promise<void>
  /** Who has signed in takes pushes where somebody took them before. */
  resume: () => Promise<void>
}

/** Pushes of this browser, and what else the desk knows about how one is reached. */
export function usePush(): Push {
  const ownId = computed(() => alerts.value?.devices.find(({ digest }) => digest === own.value)?.id ?? null)
  const health = computed<PushHealth>(() => {
    if (!globalThis.isSecureContext) return 'insecure'
    if (!('PushManager' in globalThis) || !('serviceWorker' in navigator)) return isApple() && !isInstalled() ? 'home' : 'none'
    if (permission.value === 'denied') return 'closed'
    return ownId.value !== null && permission.value === 'granted' ? 'on' : 'off'
  })

  async function load(): Promise<void> {
    own.value = await digestOf(await subscription())
    alerts.value = await getAlerts()
  }

  async function turnOn(): Promise<boolean> {
    permission.value = await Notification.requestPermission()
    if (permission.value !== 'granted') return false
    if (!alerts.value) await load()
    await subscribe(alerts.value!.push_key)
    writeKept(KEY, true)
    await load()
    return true
  }

  async function turnOff(): Promise<void> {
    writeKept(KEY, null)
    if (ownId.value !== null) await removeDevice(ownId.value)
    await (await subscription())?.unsubscribe()
    await load()
  }

  async function resume(): Promise<void> {
    if (!readKept(KEY, false) || permission.value !== 'granted' || !await subscription()) return
    await load()
    await subscribe(alerts.value!.push_key)
  }

  return { alerts, health, ownId, load, turnOn, turnOff, resume }
}

async function subscription(): Promise<PushSubscription | null> {
  const worker = await navigator.serviceWorker?.getRegistration()
  return await worker?.pushManager?.getSubscription() ?? null
}

/** Under the desk's key of today: one under another key is of no use any more. */
async function subscribe(key: string): Promise<void> {
  const worker = await navigator.serviceWorker.ready
  const before = await worker.pushManager.getSubscription()
  const wanted = bytesOf(key)
  if (before && !sameBytes(before.options.applicationServerKey, wanted)) await before.unsubscribe()
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: wanted })
  own.value = await digestOf(made)
  await addDevice(made.toJSON(), locale.value)
}

async function digestOf(made: PushSubscription | null): Promise<string | null> {
  if (!made) return null
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(made.endpoint))
  return [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  const text = atob(key.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(text, letter => letter.charCodeAt(0))
}

function sameBytes(one: ArrayBuffer | null, other: Uint8Array): boolean {
  return one !== null && String(new Uint8Array(one)) === String(other)
}

export function isApple(): boolean {
  return /iPhone|iPad/.test(navigator.userAgent)
}

export function isInstalled(): boolean {
  return globalThis.matchMedia('(display-mode: standalone)').matches
}
