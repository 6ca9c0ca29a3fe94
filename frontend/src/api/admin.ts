/** What administrators keep: the accounts and what belongs to each. */
import type { components } from './schema'
import type { Page } from './types'
import { call, query } from './http'

type Schemas = components['schemas']

export type Account = Schemas['AccountOut']
export type AccountSettings = Schemas['AccountSettings']
export type Setting = keyof AccountSettings
export type Check = Schemas['CheckOut']
/** `missing` ones the desk wants and WeChat does not have. */
export type KfAccount = Schemas['KfOut']
export type Import = Schemas['ImportOut']
export type Tag = Schemas['TagOut']
export type QrCode = Schemas['QrCodeOut']
export type SubButton = Schemas['SubButton']
export type MenuButton = Schemas['MenuButton']
export type Menu = Schemas['MenuOut']
export type LogEntry = Schemas['LogEntryOut']
export type Trigger = Schemas['Trigger']

/** What a customer's act allows: so many sends for so long; no count is as many as one likes. */
export interface Rule { grant: string, triggers: Trigger[], count: number | null, seconds: number }
export type Renewal = 'replace' | 'accumulate' | 'no_renewal'
/** How much WeChat lets an account send (wechat/policies.py). */
export interface RuleTable { name: string, since: string, source: string, renewal: Renewal, rules: Rule[] }
export interface Policy { name: string, edited: boolean, table: RuleTable, known: RuleTable[] }

export type AnswerRule = Schemas['RuleOut']
export type AnswerWish = Schemas['RuleIn']
/** One message that a rule says. */
export type Said = AnswerWish['answers'][number]
export type AnswerSample = Schemas['TryIn']
export type AnswerTried = Schemas['TryOut']
export type Answered = Schemas['AnsweredOut']
export type OfficeHours = Schemas['HoursOut']
export type Keeper = Schemas['KeeperSettings']
export type RatingRules = Schemas['RatingRules-Output']

/** WeChat is asked many times for one answer. */
const PATIENCE_MS = 120_000

const of = (id: number): string => `/api/accounts/${id}`
const kf = (id: number, account: string): string => `${of(id)}/kf-accounts/${encodeURIComponent(account)}`

export const listAccounts = () => call<{ items: Account[] }>('GET', '/api/accounts')
export const changeAccount = (id: number, change: Schemas['AccountChange']) => call<Account>('PATCH', of(id), change)
export const checkAccount = (id: number) => call<{ checks: Check[] }>('POST', `${of(id)}/check`, {}, PATIENCE_MS)

export const listKfAccounts = (id: number) => call<{ items: KfAccount[] }>('GET', `${of(id)}/kf-accounts`)
export const addKfAccount = (id: number, wish: Schemas['KfIn']) => call<KfAccount>('POST', `${of(id)}/kf-accounts`, wish)
export const changeKfAccount = (id: number, account: string, change: Schemas['KfChange']) => call<KfAccount>('PATCH', kf(id, account), change)
export const removeKfAccount = (id: number, account: string) => call<void>('DELETE', kf(id, account))
export const inviteKfAccount = (id: number, account: string, wechatId: string) => call<KfAccount>('POST', `${kf(id, account)}/invite`, { wechat_id: wechatId })
export const picKfAccount = (id: number, account: string, media: number) => call<KfAccount>('PUT', `${kf(id, account)}/picture`, { media })
export const repairKfAccounts = (id: number) => call<{ items: KfAccount[] }>('POST', `${of(id)}/kf-accounts/repair`, {}, PATIENCE_MS)

/** The newest import, or null where there was none. */
export const getImport = (id: number) => call<Import | null>('GET', `${of(id)}/import`)
/** Begins one, or goes on with the one that paused or failed. */
export const startImport = (id: number) => call<Import>('POST', `${of(id)}/import`, {})
export const pauseImport = (id: number) => call<Import>('POST', `${of(id)}/import/pause`, {})

export const listTags = (id: number) => call<{ items: Tag[] }>('GET', `${of(id)}/tags`)
export const addTag = (id: number, name: string) => call<Tag>('POST', `${of(id)}/tags`, { name })
export const renameTag = (tag: number, name: string) => call<Tag>('PATCH', `/api/tags/${tag}`, { name })
export const removeTag = (tag: number) => call<void>('DELETE', `/api/tags/${tag}`)

export const listCodes = (id: number, cursor: number | null) => call<Page<QrCode, number>>('GET', `${of(id)}/qrcodes${query({ cursor })}`)
export const addCode = (id: number, wish: Schemas['QrCodeIn']) => call<QrCode>('POST', `${of(id)}/qrcodes`, wish)
export const removeCode = (code: number) => call<void>('DELETE', `/api/qrcodes/${code}`)
export const pictureOf = (code: number, size: number) => `/api/qrcodes/${code}/picture${query({ size })}`

export const getMenu = (id: number) => call<Menu>('GET', `${of(id)}/menu`)
export const publishMenu = (id: number, buttons: MenuButton[]) => call<Menu>('PUT', `${of(id)}/menu`, { buttons })
export const removeMenu = (id: number) => call<void>('DELETE', `${of(id)}/menu`)

export const listAccountLog = (id: number, cursor: number | null) => call<Page<LogEntry, number>>('GET', `${of(id)}/log${query({ cursor })}`)

export const getPolicy = (id: number) => call<Policy>('GET', `${of(id)}/policy`)
/** Without a table: the rules of that name as they are. */
export const setPolicy = (id: number, name: string, table: RuleTable | null) => call<Policy>('PUT', `${of(id)}/policy`, { name, table })

/** In the order in which they are asked. */
export const listAnswers = (id: number) => call<{ items: AnswerRule[] }>('GET', `${of(id)}/answers`)
export const addAnswer = (id: number, wish: AnswerWish) => call<AnswerRule>('POST', `${of(id)}/answers`, wish)
export const changeAnswer = (rule: number, change: Schemas['RuleChange']) => call<AnswerRule>('PATCH', `/api/answers/${rule}`, change)
export const removeAnswer = (rule: number) => call<void>('DELETE', `/api/answers/${rule}`)
export const orderAnswers = (id: number, ids: number[]) => call<{ items: AnswerRule[] }>('PUT', `${of(id)}/answers/order`, { ids })
/** Nothing is sent. */
export const tryAnswers = (id: number, sample: AnswerSample) => call<AnswerTried>('POST', `${of(id)}/answers/try`, sample)
export const listAnswered = (id: number, cursor: number | null) => call<Page<Answered, number>>('GET', `${of(id)}/answers/log${query({ cursor })}`)

export const getHours = (id: number) => call<OfficeHours>('GET', `${of(id)}/hours`)
export const setHours = (id: number, wish: Schemas['HoursIn']) => call<OfficeHours>('PUT', `${of(id)}/hours`, wish)
export const getKeeper = (id: number) => call<Keeper>('GET', `${of(id)}/keeper`)
export const setKeeper = (id: number, wish: Keeper) => call<Keeper>('PUT', `${of(id)}/keeper`, wish)

export const getRatingRules = (id: number) => call<RatingRules>('GET', `${of(id)}/rating-settings`)
export const setRatingRules = (id: number, rules: RatingRules) => call<RatingRules>('PUT', `${of(id)}/rating-settings`, rules)
