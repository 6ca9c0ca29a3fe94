/** Fields of customers: what there are, and what is kept in them. */
import type { components } from './schema'
import type { Contact, Page } from './types'
import { call, query } from './http'

type Schemas = components['schemas']

export type Field = Schemas['ContactFieldOut']
export type FieldKind = Field['kind']
export type FieldValue = string | number | null
export type FieldChange = Schemas['FieldChangeOut']

export const listFields = async (): Promise<Field[]> => (await call<{ items: Field[] }>('GET', '/api/fields')).items
export const addField = (wish: { name: string, kind: FieldKind, choices: string[] }) => call<Field>('POST', '/api/fields', wish)
/** `version`: of the copy that was looked at. */
export const changeField = (id: number, wish: { name: string, choices: string[], version: number }) => call<Field>('PUT', `/api/fields/${id}`, wish)
export const orderFields = (ids: number[]) => call<{ items: Field[] }>('PUT', '/api/fields/order', { ids })
export const retireField = (id: number) => call<void>('DELETE', `/api/fields/${id}`)

export const setFieldValues = (contactId: number, values: Record<number, FieldValue>) => call<Contact>('PUT', `/api/contacts/${contactId}/fields`, { values })
/** A covered number, whole; who was shown it is written down. */
export const revealField = async (contactId: number, fieldId: number): Promise<FieldValue> => (await call<{ value: FieldValue }>('POST', `/api/contacts/${contactId}/fields/${fieldId}/reveal`, {})).value
export const getFieldHistory = (contactId: number, cursor: number | null) => call<Page<FieldChange, number>>('GET', `/api/contacts/${contactId}/fields/history${query({ cursor })}`)
