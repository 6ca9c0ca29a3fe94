/** Customers as files: exported and imported. */
import type { Wanted } from './customers'
import type { components } from './schema'
import type { Page } from './types'
import { call, query, send } from './http'
import { zoneHere } from './zone'

type Schemas = components['schemas']

export type Sheet = Schemas['SheetOut']
export type SheetProblem = Schemas['ProblemOut']
export type SheetLanguage = Schemas['ExportWish']['language']

const one = (id: number) => `/api/sheets/${id}`

export const listSheets = (cursor: number | null) => call<Page<Sheet, number>>('GET', `/api/sheets${query({ cursor })}`)
export const startExport = (wish: { wanted?: Wanted, ids?: number[], uncovered: boolean, language: SheetLanguage }) => call<Sheet>('POST', '/api/sheets/exports', { ...wish, timezone: zoneHere() })
export const checkImport = (id: number, wish: { account_id: number, columns: (string | null)[], language: SheetLanguage }) => call<Sheet>('PUT', `${one(id)}/columns`, wish)
export const applyImport = (id: number) => call<Sheet>('POST', `${one(id)}/apply`, {})
export const cancelSheet = (id: number) => call<Sheet>('POST', `${one(id)}/cancel`, {})
export const listProblems = async (id: number): Promise<SheetProblem[]> => (await call<{ items: SheetProblem[] }>('GET', `${one(id)}/problems`)).items
export const fileOf = (id: number) => `${one(id)}/file`
export const problemsOf = (id: number) => `${one(id)}/problems.csv`

export const uploadImport = (file: File) => send<Sheet>(`/api/sheets/imports${query({ name: file.name.slice(0, 120) })}`, file, 'text/csv')
