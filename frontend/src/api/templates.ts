/** Templates of an account: what may be sent when the window for replies is closed. */
import type { components } from './schema'
import { call } from './http'

export type Template = components['schemas']['TemplateOut']

export const listTemplates = (accountId: number) => call<{ items: Template[] }>('GET', `/api/accounts/${accountId}/templates`)
