/** How one is reached beside the page. */
import type { components } from './schema'
import { call } from './http'

type Schemas = components['schemas']

export type Alerts = Schemas['AlertsOut']
export type Device = Schemas['DeviceOut']
export type Address = Schemas['AddressOut']
export type Wishes = Schemas['WishesIn']
export type AlertKind = Wishes['muted'][number]
export type Tested = Schemas['Tested']

const TEST_MS = 45_000

export const getAlerts = () => call<Alerts>('GET', '/api/alerts')
export const setWishes = (wishes: Wishes) => call<Wishes>('PUT', '/api/alerts/wishes', wishes)
export const noteScreen = (page: string, visible: boolean) => call<void>('PUT', '/api/alerts/screen', { page, visible })
export const addDevice = (subscription: PushSubscriptionJSON, locale: string) => call<Device>('POST', '/api/alerts/devices', { ...subscription, locale })
export const removeDevice = (id: number) => call<void>('DELETE', `/api/alerts/devices/${id}`)
export const testDevice = (id: number) => call<Tested>('POST', `/api/alerts/devices/${id}/test`, {}, TEST_MS)

/** One's own, or those common to all who supervise. */
export type Whose = 'addresses' | 'common'
export const listCommon = () => call<{ items: Address[] }>('GET', '/api/alerts/common')
export const addAddress = (whose: Whose, url: string, name: string, locale: string) => call<Address>('POST', `/api/alerts/${whose}`, { url, name, locale }, TEST_MS)
export const removeAddress = (whose: Whose, id: number) => call<void>('DELETE', `/api/alerts/${whose}/${id}`)
export const testAddress = (whose: Whose, id: number) => call<Tested>('POST', `/api/alerts/${whose}/${id}/test`, {}, TEST_MS)
