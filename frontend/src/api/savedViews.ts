/** Filters of the conversation list, kept under a name. */
import type { components } from './schema'
import { call } from './http'

type Schemas = components['schemas']

/** All of it holds, of lists any one; what is left out does not matter. */
export type Filter = Partial<Schemas['ViewFilter']>
export type SavedView = Schemas['SavedViewOut']
export type SavedViewWish = Required<Pick<Schemas['SavedViewIn'], 'name' | 'sort' | 'shared'>> & { filter: Filter }
export type Reason = NonNullable<Filter['only']>

const path = '/api/saved-views'

export const listSavedViews = async (): Promise<SavedView[]> => (await call<{ items: SavedView[] }>('GET', path)).items
export const addSavedView = (wish: SavedViewWish) => call<SavedView>('POST', path, wish)
export const changeSavedView = (id: number, wish: SavedViewWish) => call<SavedView>('PUT', `${path}/${id}`, wish)
export const removeSavedView = (id: number) => call<void>('DELETE', `${path}/${id}`)
export const arrangeSavedViews = async (ids: readonly number[]): Promise<SavedView[]> => (await call<{ items: SavedView[] }>('PUT', `${path}/order`, { ids })).items
