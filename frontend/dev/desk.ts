import type { Ledger, LedgerEntry } from '../src/api/contacts'
/**
 * A small desk in memory: it answers the page as the real one does. For development without a back end
 * and, in tests, for the far end of the wire. It is not part of what is built.
 */
import type { KeptDraft } from '../src/api/drafts'
import type { MediaKind } from '../src/api/media'
import type { Bell, Notice } from '../src/api/notices'
import type { AgentGroup, Seat } from '../src/api/seats'
import type { Agent, Allowance, Contact, Conversation, ConversationState, Message, Page, Sending, Session } from '../src/api/types'

import { entryOf, granted, leftOf, noAllowance, spent, windowOf } from './allowance.ts'
import { LIMITS, MediaShelf } from './media.ts'

interface Logged { number: number, name: string, thing: { id: number } }
interface Failure { status: number, code: string, facts?: Record<string, unknown> }
type Route = [method: string, pattern: RegExp, act: (ids: number[], body: Record<string, unknown>, query: URLSearchParams) => unknown]

const ACCOUNT = { id: 1, slug: 'demo', name: '拾光家居', simulated: true, sync_tags: true, blacklist_at_wechat: false }
const START = Date.parse('2026-11-24T01:00:00Z')

export class Desk {
  agents: Agent[] = []
  contacts = new Map<number, Contact>()
  conversations = new Map<number, Conversation>()
  messages = new Map<number, Message>()
  log: Logged[] = []
  shelf = new MediaShelf()
  tags = [{ id: 1, name: '老客户', count: 2 }, { id: 2, name: '装修中', count: 1 }, { id: 3, name: '企业采购', count: 0 }]
  groups: AgentGroup[] = []
  drafts = new Map<string, KeptDraft>()
  notices: Notice[] = []
  muted: Bell['muted'] = []
  me: Agent | null = null
  sending: Sending = { undo_seconds: 0, join_lines: false }
  clockOff: number | null = null
  seats = new Map<number, Partial<Seat>>()
  ledgers = new Map<number, LedgerEntry[]>()
  pageSize = 50
  now: () => number = () => this.#clock += 1000
  /** Refuse or lose requests: return a failure, or throw for a broken line. */
  fault: (method: string, path: string) => Failure | void = () => {}
  #clock = START
  #ids = 0
  #lines = new Set<(chunk: string) => void>()
  #ends = new Set<() => void>()

  // What people do.

  agent(name: string, role: Agent['role'] = 'agent', username = `agent${this.#ids + 1}`): Agent {
    const agent = { id: ++this.#ids, version: 1, username, name, alias: '', picture: null, role, find: '' }
    this.agents.push(agent)
    return agent
  }

  contact(remark = '', openid = `oDemo_${String(++this.#ids).padStart(6, '0')}_Kx`): Contact {
    const at = this.#time()
    const contact: Contact = {
      id: ++this.#ids,
      version: 1,
      openid,
      name: null,
      remark,
      level: { id: 4, name: '普通', rank: 4, colour: 'grey', source: 'default', until: null },
      following: true,
      first_seen_at: at,
      last_seen_at: at,
      subscribe_scene: 'ADD_SCENE_QR_CODE',
      subscribed_at: at,
      qr_scene: null,
      language: 'zh_CN',
      unionid: null,
      platform_remark: null,
      tags: [],
      location: null,
      fields: {},
      blacklisted: false,
      blacklist_reason: null,
      refreshed_at: at,
      allowance: noAllowance(),
      person_id: null,
    }
    this.contacts.set(contact.id, contact)
    return contact
  }

  /** The customer writes: the conversation goes on, or one begins. */
  write(contact: Contact, text: string, more: Partial<Message> = {}): Message {
    this.grant(contact.id)
    const open = [
      ...this.conversations.values(),
    ].find(one => one.contact.id === contact.id && one.state !== 'closed')
    const conversation = open ?? this.#open(this.contacts.get(contact.id)!)
    return this.#add(this.#conversation(conversation.id), { direction: 'in', kind: 'text', text, ...more })
  }

  /** The customer did something: they may be answered. Told with whatever is told next. */
  grant(contactId: number, more: Parameters<typeof granted>[2] = {}): void {
    const at = more.opened_at ?? this.#time()
    this.#allow(contactId, allowance => granted(allowance, at, more))
    this.#enter(contactId, { trigger: more.trigger ?? 'message' })
  }

  assign(conversationId: number, agent: Agent): Conversation {
    const conversation = this.#conversation(conversationId)
    this.#change(conversation, {
      state: 'active',
      assignee: { id: agent.id, name: agent.name },
      waiting_since: null,
    })
    this.#add(this.#conversation(conversationId), {
      direction: 'system',
      kind: 'taken',
      author: { id: agent.id, name: agent.name },
    })
    return this.#conversation(conversationId)
  }

  close(conversationId: number, agent: Agent): Conversation {
    this.#add(this.#conversation(conversationId), {
      direction: 'system',
      kind: 'closed',
      author: { id: agent.id, name: agent.name },
    })
    this.#change(this.#conversation(conversationId), { state: 'closed', closed_at: this.#time(), unread: 0 })
    return this.#conversation(conversationId)
  }

  say(conversationId: number, agent: Agent, text: string, more: Partial<Message> = {}): Message {
    this.#reserve(conversationId, more.joined_to || more.state === 'parked' ? 0 : 1)
    return this.#add(this.#conversation(conversationId), {
      direction: 'out',
      kind: 'text',
      text,
      state: 'queued',
      author: { id: agent.id, name: agent.name },
      ...more,
    })
  }

  /** Something happened to a customer: a line of the system. */
  happen(conversationId: number, kind: string, content: Message['content'] = {}): Message {
    return this.#add(this.#conversation(conversationId), { direction: 'system', kind, content })
  }

  /** WeChat answered, or did not. */
  settle(messageId: number, state: 'sent' | 'failed' | 'uncertain' | 'queued', reason: string | null = null): Message {
    const before = this.messages.get(messageId)!
    this.#reserve(before.conversation_id, Number(state === 'queued') - Number(before.state === 'queued'))
    const message = this.change(messageId, { state, reason })
    if (state === 'sent') this.#spend(message)
    const conversation = this.#conversation(message.conversation_id)
    if (conversation.last_message?.id === messageId) {
      this.#change(conversation, { last_message: { ...conversation.last_message, state } })
    }
    return message
  }

  change(messageId: number, change: Partial<Message>): Message {
    const before = this.messages.get(messageId)!
    const message = { ...before, ...change, version: before.version + 1 }
    this.messages.set(messageId, message)
    this.#tell('message', message)
    return message
  }

  remark(contactId: number, remark: string): Contact {
    return this.note(contactId, { remark, name: remark || null })
  }

  note(contactId: number, change: Partial<Contact>): Contact {
    const before = this.contacts.get(contactId)!
    const contact = { ...before, ...change, version: before.version + 1 }
    this.contacts.set(contactId, contact)
    this.#tell('contact', contact)
    for (const conversation of this.conversations.values()) {
      if (conversation.contact.id === contactId) this.#change(conversation, { contact })
    }
    return contact
  }

  seat(agent: Agent): Seat {
    const active = [...this.conversations.values()].filter(({ state, assignee }) => state === 'active' && assignee?.id === agent.id)
    return {
      id: agent.id,
      agent: { id: agent.id, name: agent.name },
      presence: 'offline',
      reason: null,
      since: null,
      back_at: null,
      paused: false,
      capacity: 4,
      usual_capacity: 4,
      wraps_up_until: null,
      limit: null,
      skills: {},
      level_ids: null,
      group_ids: [],
      version: 1,
      ...this.seats.get(agent.id),
      load: active.length,
    }
  }

  /** An agent says whether they are there. */
  sit(agent: Agent, { presence = 'online', reason = null }: Partial<Seat>): Seat {
    const before = this.seat(agent)
    this.seats.set(agent.id, { presence, reason, since: this.#time(), version: before.version + 1 })
    const seat = this.seat(agent)
    this.#tell('seat', seat)
    return seat
  }

  /** All lines to browsers break. */
  cut(): void {
    for (const end of this.#ends) end()
  }

  // What the page asks: the whole API as one `fetch`.

  fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input, 'http://desk')
    const method = init.method ?? 'GET'
    init.signal?.throwIfAborted()
    const failure = this.fault(method, url.pathname)
    if (failure) return problem(failure)
    if (url.pathname === '/api/session') return this.#session(method, init)
    if (!this.me) {
      return problem({ status: 401, code: 'not_signed_in', facts: { demo: true } })
    }
    if (url.pathname === '/api/stream') return this.#stream(init)
    if (method === 'POST' && url.pathname === '/api/media') return this.#upload(url.searchParams, init)
    const file = /^\/api\/media\/(\d+)(?:\/(?:thumb|play))?$/.exec(url.pathname)
    if (method === 'GET' && file) return this.shelf.answer(Number(file[1])) ?? problem({ status: 404, code: 'not_found' })
    return this.#answer(method, url, init)
  }

  #upload(query: URLSearchParams, init: RequestInit): Response {
    const type = new Headers(init.headers).get('content-type') ?? ''
    const bytes = init.body instanceof Uint8Array ? new Uint8Array(init.body) : new Uint8Array()
    return Response.json(this.shelf.upload(query.get('kind') as MediaKind, query.get('name') ?? '', type, bytes), { status: 201 })
  }

  #answer(method: string, url: URL, init: RequestInit): Response {
    const body = init.body ? JSON.parse(String(init.body)) as Record<string, unknown> : {}
    for (const [wanted, pattern, act] of this.#routes) {
      const found = method === wanted && pattern.exec(url.pathname)
      if (!found) continue
      try {
        const answer = act(found.slice(1).map(Number), body, url.searchParams)
        return answer === undefined
          ? new Response(null, { status: 204 })
          : Response.json(answer, { status: /replies|notes/.test(pattern.source) ? 201 : 200 })
      }
      catch (failure) {
        return problem(failure as Failure)
      }
    }
    return problem({ status: 404, code: 'not_found' })
  }

  #routes: Route[] = [
    ['PUT', /^\/api\/notices\/muted$/, (_, body) => this.#mute(body.kinds as Bell['muted'])],
    ['GET', /^\/api\/agents$/, () => ({ items: this.agents, next: null })],
    ['GET', /^\/api\/seats$/, () => ({ items: this.agents.map(agent => this.seat(agent)) })],
    ['GET', /^\/api\/groups$/, () => ({ items: this.groups })],
    ['GET', /^\/api\/presence$/, () => this.seat(this.me!)],
    ['PUT', /^\/api\/presence$/, (_, body) => this.sit(this.me!, body as Partial<Seat>)],
    ['POST', /^\/api\/take-next$/, () => this.#takeNext()],
    ['GET', /^\/api\/conversations$/, (_, __, query) => this.#list(query)],
    ['GET', /^\/api\/conversations\/(\d+)$/, ([id]) => this.#conversation(id!)],
    [
      'GET',
      /^\/api\/conversations\/(\d+)\/messages$/,
      ([id], _, query) => this.#page(id!, Number(query.get('before') ?? Infinity)),
    ],
    ['POST', /^\/api\/conversations\/(\d+)\/take$/, ([id]) => this.#take(id!)],
    ['POST', /^\/api\/conversations\/(\d+)\/close$/, ([id]) => this.close(this.#mine(id!).id, this.me!)],
    ['POST', /^\/api\/conversations\/(\d+)\/replies$/, ([id], body) => this.#reply(id!, body)],
    ['POST', /^\/api\/conversations\/(\d+)\/notes$/, ([id], body) => this.#note(id!, body)],
    ['PUT', /^\/api\/conversations\/(\d+)\/snooze$/, ([id], body) => this.#snooze(id!, String(body.until))],
    ['DELETE', /^\/api\/conversations\/(\d+)\/snooze$/, ([id]) => this.#snooze(id!, null)],
    ['GET', /^\/api\/conversations\/(\d+)\/snooze$/, () => ({ presets: [{ preset: 'hour', at: new Date(this.now() + 3_600_000).toISOString() }], window_closes_at: null })],
    ['GET', /^\/api\/summaries\/pending$/, () => ({ items: [] })],
    ['GET', /^\/api\/summary-categories$/, () => ({ items: [], recent: [] })],
    ['GET', /^\/api\/unread-marks$/, () => ({ items: [] })],
    ['GET', /^\/api\/viewing$/, () => ({ items: [] })],
    ['GET', /^\/api\/saved-views$/, () => ({ items: [] })],
    ['PUT', /^\/api\/conversations\/(\d+)\/(?:viewing|unread-mark)$/, ([id]) => void this.#conversation(id!)],
    ['DELETE', /^\/api\/conversations\/(\d+)\/(?:viewing|unread-mark)$/, ([id]) => void this.#conversation(id!)],
    ['GET', /^\/api\/drafts$/, () => ({ items: [...this.drafts.values()], next: null })],
    ['PUT', /^\/api\/conversations\/(\d+)\/draft$/, ([id], body) => this.draft(id!, body as unknown as KeptDraft)],
    ['GET', /^\/api\/notices$/, () => ({ items: [...this.notices].reverse(), next: null, bell: this.#bell() })],
    ['POST', /^\/api\/notices\/read$/, (_, body) => this.#read(body as { up_to?: number, ids?: number[] })],
    [
      'POST',
      /^\/api\/conversations\/(\d+)\/read$/,
      ([id]) => { this.#change(this.#mine(id!), { unread: 0 }) },
    ],
    ['POST', /^\/api\/messages\/(\d+)\/resend$/, ([id]) => this.settle(id!, 'queued')],
    ['POST', /^\/api\/conversations\/(\d+)\/typing$/, ([id]) => void this.#conversation(id!)],
    ['GET', /^\/api\/conversations\/(\d+)\/parked$/, ([id]) => ({ items: this.#parked(id!) })],
    ['POST', /^\/api\/messages\/(\d+)\/withdraw$/, ([id]) => this.#withdraw(id!)],
    ['PATCH', /^\/api\/messages\/(\d+)\/parked$/, ([id], body) => this.#changeParked(id!, body)],
    ['POST', /^\/api\/messages\/(\d+)\/release$/, ([id], body) => this.#release(id!, Boolean(body.anyway))],
    ['DELETE', /^\/api\/messages\/(\d+)\/parked$/, ([id]) => { this.change(id!, { state: 'withdrawn', place: null }) }],
    ['GET', /^\/api\/contacts\/(\d+)\/allowance$/, ([id]) => this.#ledger(id!)],
    ['GET', /^\/api\/media\/limits$/, () => LIMITS],
    ['POST', /^\/api\/media\/(\d+)\/smaller$/, ([id]) => this.shelf.smaller(id!)],
    ['GET', /^\/api\/accounts\/(\d+)\/tags$/, () => ({ items: this.tags })],
    ['PUT', /^\/api\/contacts\/(\d+)\/tags$/, ([id], body) => this.note(id!, { tags: this.tags.filter(tag => (body.tag_ids as number[]).includes(tag.id)) })],
    ['POST', /^\/api\/contacts\/(\d+)\/refresh$/, ([id]) => this.note(id!, { refreshed_at: this.#time() })],
    [
      'PUT',
      /^\/api\/contacts\/(\d+)\/blacklist$/,
      ([id], body) => this.note(id!, { blacklisted: Boolean(body.on), blacklist_reason: body.on ? String(body.reason) : null }),
    ],
    ['PATCH', /^\/api\/contacts\/(\d+)$/, ([id], body) => this.remark(id!, String(body.remark))],
  ]

  #note(id: number, { text, client_id, mentions, groups }: Record<string, unknown>): Message {
    const known = [...this.messages.values()].find(one => one.client_id === client_id)
    const named = this.agents.filter(agent => (mentions as number[]).includes(agent.id)).map(({ id: agentId, name }) => ({ id: agentId, name }))
    const inside = this.groups.filter(group => (groups as number[]).includes(group.id)).map(({ id: groupId, name }) => ({ id: groupId, name }))
    return known ?? this.#add(this.#conversation(id), {
      direction: 'note',
      kind: 'note',
      text: String(text),
      client_id: String(client_id),
      content: { mentions: named, groups: inside },
      author: { id: this.me!.id, name: this.me!.name },
    })
  }

  #snooze(id: number, until: string | null): Conversation {
    this.#change(this.#mine(id), { snoozed_until: until })
    return this.#conversation(id)
  }

  /** What one of this agent's screens is writing; the newer one wins. */
  draft(conversationId: number, { mode, text, written_at = this.#time() }: Pick<KeptDraft, 'mode' | 'text'> & { written_at?: string }): KeptDraft {
    const key = `${conversationId} ${mode}`
    const before = this.drafts.get(key)
    if (before && Date.parse(before.written_at) > Date.parse(written_at)) return before
    const kept = { id: before?.id ?? ++this.#ids, agent_id: this.me!.id, conversation_id: conversationId, mode, text, written_at, version: (before?.version ?? 0) + 1 }
    this.drafts.set(key, kept)
    this.#tell('draft', kept)
    return kept
  }

  /** The agent is told of something. */
  notify(kind: Notice['kind'], more: Partial<Notice> = {}): Notice {
    const notice: Notice = { id: ++this.#ids, agent_id: this.me!.id, kind, conversation_id: null, contact: null, by: null, text: '', facts: {}, at: this.#time(), read_at: null, version: 1, ...more }
    this.notices.push(notice)
    this.#tell('notice', notice)
    this.#tell('bell', this.#bell())
    return notice
  }

  #bell(): Bell {
    return { id: this.me!.id, unread: this.notices.filter(({ read_at, kind }) => read_at === null && !this.muted.includes(kind)).length, muted: this.muted }
  }

  #mute(kinds: Bell['muted']): Bell {
    this.muted = kinds
    this.#tell('bell', this.#bell())
    return this.#bell()
  }

  #read({ up_to = 0, ids = [] }: { up_to?: number, ids?: number[] }): Bell {
    this.notices = this.notices.map(one => one.read_at === null && (one.id <= up_to || ids.includes(one.id)) ? { ...one, read_at: this.#time(), version: 2 } : one)
    for (const one of this.notices) this.#tell('notice', one)
    this.#tell('bell', this.#bell())
    return this.#bell()
  }

  #list(query: URLSearchParams): Page<Conversation> {
    if (query.get('view')) return this.#view(query.get('view')!)
    const [state, assignee, words] = [
      query.get('state') as ConversationState | null,
      query.get('assignee'),
      query.get('q')?.toLowerCase(),
    ]
    const found = [...this.conversations.values()]
      .filter(one => !state || one.state === state)
      .filter(one => assignee !== 'me' || one.assignee?.id === this.me!.id)
      .filter(one => !words || `${one.contact.remark} ${one.contact.openid} ${one.last_message?.text}`.toLowerCase().includes(words))
      .sort((one, other) => state === 'waiting' ? one.id - other.id : (other.last_message?.id ?? 0) - (one.last_message?.id ?? 0))
    const from = Number(query.get('cursor') ?? 0)
    const next = from + this.pageSize < found.length ? String(from + this.pageSize) : null
    return { items: found.slice(from, from + this.pageSize), next }
  }

  #page(id: number, before: number): Page<Message, number> {
    const all = [...this.messages.values()]
      .filter(one => one.conversation_id === this.#conversation(id).id && one.id < before)
      .filter(({ state }) => state !== 'parked' && state !== 'withdrawn')
    const items = all.slice(-this.pageSize)
    return { items, next: items.length < all.length ? items[0]!.id : null }
  }

  #takeNext(): Conversation {
    const first = [...this.conversations.values()].find(({ state }) => state === 'waiting')
    if (!first) throw refusal(404, 'nothing_waits')
    return this.assign(first.id, this.me!)
  }

  #take(id: number): Conversation {
    const { assignee } = this.#conversation(id)
    if (assignee && assignee.id !== this.me!.id) throw refusal(409, 'taken', { assignee: assignee.name })
    return assignee ? this.#conversation(id) : this.assign(id, this.me!)
  }

  #mine(id: number): Conversation {
    const conversation = this.#conversation(id)
    if (conversation.assignee?.id !== this.me!.id) throw refusal(409, 'not_assigned')
    return conversation
  }

  #reply(id: number, body: Record<string, unknown>): Message {
    const known = [...this.messages.values()].find(one => one.client_id === body.client_id)
    if (known) return known
    if (this.#mine(id).state === 'closed') throw refusal(409, 'conversation_closed')
    const { kind, client_id, text, media, thumb, keep_last, anyway, park, ...content } = body as Record<string, unknown> & { kind: string }
    const files = { ...(typeof media === 'number' && { media: this.shelf.get(media) }), ...(typeof thumb === 'number' && { thumb: this.shelf.get(thumb) }) }
    const part = { kind, client_id: String(client_id), content: { ...content, ...files } }
    const words = String(text ?? content.title ?? content.head ?? '')
    if (park) return this.say(id, this.me!, words, { ...part, state: 'parked', place: this.#parked(id).length + 1 })
    const joined_to = kind === 'text' ? this.#joins(id) : null
    if (!joined_to && !anyway) this.#require(id, Boolean(keep_last))
    const held_until = this.sending.undo_seconds ? new Date(this.now() + this.sending.undo_seconds * 1000).toISOString() : null
    return this.say(id, this.me!, words, { ...part, held_until, joined_to })
  }

  /** As whose next line it leaves. */
  #joins(id: number): number | null {
    const last = this.#page(id, Infinity).items.at(-1)
    const waits = last?.state === 'queued' && last.kind === 'text' && Date.parse(last.held_until ?? '') > this.now()
    return waits && this.sending.join_lines ? last.joined_to ?? last.id : null
  }

  #require(id: number, keepLast: boolean): void {
    const { open, left } = leftOf(this.#conversation(id).contact.allowance, this.now())
    if (!open) throw refusal(409, 'window_closed')
    if (left === 0) throw refusal(409, 'replies_spent', { left, needed: 1 })
    if (keepLast && left === 1) throw refusal(409, 'last_send', { left, needed: 1 })
  }

  #parked(id: number): Message[] {
    return [...this.messages.values()]
      .filter(one => one.conversation_id === id && one.state === 'parked')
      .sort((one, other) => one.place! - other.place!)
  }

  #changeParked(id: number, { text, before }: Record<string, unknown>): Message {
    const places = this.#parked(this.messages.get(id)!.conversation_id)
    const at = places.findIndex(one => one.id === before)
    const place = at < 0 ? {} : { place: (places[at]!.place! + (places[at - 1]?.place ?? places[at]!.place! - 2)) / 2 }
    return this.change(id, { ...(typeof text === 'string' && { text }), ...place })
  }

  #release(id: number, anyway: boolean): Message {
    const { conversation_id } = this.messages.get(id)!
    if (!anyway) this.#require(conversation_id, false)
    this.#reserve(conversation_id, 1)
    const sent_at = this.#time()
    return this.change(id, { state: 'queued', place: null, reason: null, sent_at, received_at: sent_at })
  }

  #withdraw(id: number): Message {
    const message = this.messages.get(id)!
    if (message.state !== 'queued' || Date.parse(message.held_until ?? '') <= this.now()) throw refusal(409, 'already_left')
    this.#reserve(message.conversation_id, message.joined_to ? 0 : -1)
    return this.change(id, { state: 'withdrawn', held_until: null })
  }

  #view(view: string): Page<Conversation> {
    const now = this.now()
    const items = [...this.conversations.values()]
      .filter(({ state, contact }) => state !== 'closed' && windowOf(contact).closesAt > now)
      .filter(({ owed_since, contact }) => view === 'closing' ? owed_since && windowOf(contact).closesAt <= now + 7_200_000 : windowOf(contact).left === 1)
      .sort((one, other) => windowOf(one.contact).closesAt - windowOf(other.contact).closesAt)
    return { items, next: null }
  }

  #ledger(contactId: number): Ledger {
    const { allowance } = this.contacts.get(contactId)!
    const { open, left } = leftOf(allowance, this.now())
    const closes_at = left === 0 ? null : allowance.grants[0]?.expires_at ?? null
    return { left, closes_at, is_spent: open && left === 0, allowance, entries: [...this.ledgers.get(contactId) ?? []].reverse() }
  }

  #reserve(conversationId: number, by: number): void {
    this.#allow(this.#conversation(conversationId).contact.id, allowance => ({ ...allowance, reserved: Math.max(0, allowance.reserved + by) }))
  }

  #spend(message: Message): void {
    const { id } = this.#conversation(message.conversation_id).contact
    this.#allow(id, spent)
    this.#enter(id, { turn: 'sent' }, message)
  }

  #allow(contactId: number, change: (allowance: Allowance) => Allowance): void {
    const before = this.contacts.get(contactId)!
    const contact = { ...before, allowance: change(before.allowance), version: before.version + 1 }
    this.contacts.set(contactId, contact)
    for (const one of this.conversations.values()) {
      if (one.contact.id === contactId) this.conversations.set(one.id, { ...one, contact })
    }
  }

  #enter(contactId: number, more: Partial<LedgerEntry>, message?: Message): void {
    this.ledgers.set(contactId, [...this.ledgers.get(contactId) ?? [], entryOf(++this.#ids, this.#time(), more, message)])
  }

  #session(method: string, init: RequestInit): Response {
    if (method === 'DELETE') this.me = null
    if (method === 'DELETE') return new Response(null, { status: 204 })
    if (method === 'POST') {
      const { username, password } = JSON.parse(String(init.body)) as Record<string, string>
      this.me = this.agents.find(one => one.username === username) ?? null
      if (!this.me || password === 'wrong') return problem({ status: 401, code: 'wrong_credentials' })
    }
    if (!this.me) {
      return problem({ status: 401, code: 'not_signed_in', facts: { demo: true } })
    }
    if (method === 'PATCH') this.sending = JSON.parse(String(init.body)) as Sending
    return Response.json({
      agent: this.me,
      preferences: this.sending,
      hotkeys: {},
      offline_copies: true,
      server_time: new Date(this.now === Date.now || this.#clock === START ? Date.now() : this.#clock).toISOString(),
      app: { version: '0.1.0' },
      demo: true,
    } satisfies Session)
  }

  #stream(init: RequestInit): Response {
    const after = new Headers(init.headers).get('last-event-id')
    const body = new ReadableStream<Uint8Array>({
      start: (out) => {
        const encoder = new TextEncoder()
        const line = (chunk: string): void => out.enqueue(encoder.encode(chunk))
        const end = (): void => {
          this.#lines.delete(line)
          this.#ends.delete(end)
          try { out.error(new Error('the line broke')) }
          catch { /* it had ended */ }
        }
        this.#lines.add(line)
        this.#ends.add(end)
        init.signal?.addEventListener('abort', end)
        line(`event: hello\ndata: ${JSON.stringify({
          position: this.log.length,
          server_time: this.#time(),
          clock_off_seconds: this.clockOff,
        })}\n\n`)
        if (after !== null) this.log.slice(Number(after)).forEach(logged => line(eventOf(logged)))
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }

  /** Every line says that it is alive. */
  beat(): void {
    for (const line of this.#lines) line(': \n\n')
  }

  #tell(name: string, thing: { id: number }): void {
    const logged = { number: this.log.length + 1, name, thing }
    this.log.push(logged)
    for (const line of this.#lines) line(eventOf(logged))
  }

  #open(contact: Contact): Conversation {
    const at = this.#time()
    const previous = [...this.conversations.values()].filter(one => one.contact.id === contact.id).at(-1)
    const conversation: Conversation = {
      id: ++this.#ids,
      version: 0,
      state: 'waiting',
      account: ACCOUNT,
      contact,
      assignee: null,
      joined: [],
      handed: false,
      hidden: false,
      group: null,
      offer: null,
      unread: 0,
      waiting_since: at,
      rests_since: null,
      snoozed_until: null,
      owed_since: null,
      due_at: null,
      due_kind: null,
      warn_at: null,
      breached: false,
      opened_at: at,
      closed_at: null,
      previous_id: previous?.id ?? null,
      last_message: null,
      summary: null,
      needs_summary: false,
      rating: null,
    }
    this.conversations.set(conversation.id, conversation)
    return conversation
  }

  #add(conversation: Conversation, part: Partial<Message> & Pick<Message, 'direction' | 'kind'>): Message {
    const at = this.#time()
    const message: Message = {
      id: ++this.#ids,
      version: 1,
      conversation_id: conversation.id,
      text: '',
      content: {},
      state: null,
      reason: null,
      errcode: null,
      client_id: null,
      author: null,
      held_until: null,
      joined_to: null,
      place: null,
      sent_at: at,
      received_at: at,
      ...part,
    }
    this.messages.set(message.id, message)
    this.#tell('message', message)
    const { id, direction, kind, text, state, sent_at } = message
    this.#change(conversation, {
      unread: conversation.unread + (direction === 'in' ? 1 : 0),
      owed_since: direction === 'in' ? conversation.owed_since ?? sent_at : direction === 'out' && state !== 'parked' ? null : conversation.owed_since,
      last_message: direction === 'system' || direction === 'note' || state === 'parked' ? conversation.last_message : { id, direction, kind, text, state, sent_at, author: message.author?.name ?? null },
    })
    return message
  }

  #change(conversation: Conversation, change: Partial<Conversation>): void {
    const changed = {
      ...this.#conversation(conversation.id),
      ...change,
      version: this.#conversation(conversation.id).version + 1,
    }
    this.conversations.set(conversation.id, changed)
    this.#tell('conversation', changed)
  }

  #conversation(id: number): Conversation {
    const conversation = this.conversations.get(id)
    if (!conversation) throw refusal(404, 'not_found')
    return conversation
  }

  #time(): string {
    return new Date(this.now()).toISOString()
  }
}

function eventOf({ number, name, thing }: Logged): string {
  return `id: ${number}\nevent: ${name}\ndata: ${JSON.stringify(thing)}\n\n`
}

function refusal(status: number, code: string, facts?: Record<string, unknown>): Error & Failure {
  return Object.assign(new Error(code), { status, code, facts })
}

function problem({ status, code, facts }: Failure): Response {
  return Response.json({ code, title: code, status, ...facts }, {
    status,
    headers: { 'content-type': 'application/problem+json' },
  })
}
