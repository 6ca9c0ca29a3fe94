/** Customers by what they are. */
import type { components } from './schema'
import type { Contact } from './types'
import type { FieldValue } from '@/api/fields'
import { call } from './http'

type Schemas = components['schemas']

export type Wanted = Schemas['CustomersWanted']
export type PageEnd = Schemas['CustomersEnd']
export type Segment = Schemas['SegmentOut']
/** `code` null: it was done. */
export interface Done { id: number, code: string | null }

export const searchCustomers = (wanted: Wanted, after: PageEnd | null) => call<{ items: Contact[], count: number | null, next: PageEnd | null }>('POST', '/api/contacts/search', { ...wanted, after })
export const changeMany = async (wish: { ids: number[], add_tag_ids?: number[], remove_tag_ids?: number[], values?: Record<number, FieldValue> }): Promise<Done[]> => (await call<{ items: Done[] }>('POST', '/api/contacts/change', wish)).items
export const listSegments = async (): Promise<Segment[]> => (await call<{ items: Segment[] }>('GET', '/api/segments')).items
export const keepSegment = (wish: { name: string, wanted: Wanted, shared: boolean }) => call<Segment>('POST', '/api/segments', wish)
export const dropSegment = (id: number) => call<void>('DELETE', `/api/segments/${id}`)
