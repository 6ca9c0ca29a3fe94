/** Asking the desk: one function, one kind of failure. */

export type Facts = Record<string, unknown>

/** Why the desk did not do it. `code` is stable; it is also the key of the translation. */
export class Problem extends Error {
  override name = 'Problem'

  constructor(readonly code: string, readonly status: number, readonly facts: Facts = {}) {
    super(code)
  }

  /** Asking again under the same client id may help: nothing is wrong with what was asked. */
  get passing(): boolean {
    return this.status === 0 || this.status >= 500
  }
}

let signedOut: (problem: Problem) => void = () => {}

/** Be told when the desk no longer knows who is asking. One listener: the session. */
export function whenSignedOut(listener: (problem: Problem) => void): void {
  signedOut = listener
}

export const UNREACHABLE = 'unreachable'
const LONGEST_MS = 15_000
/** What is said in so few characters still arrives when the page is closed; browsers take 64 KiB of it at once. */
const OUTLIVES_CHARS = 4_000

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Ask the desk.
 *
 * @throws {Problem} always, whatever went wrong: refused, no answer, or an answer that is not ours.
 */
export async function call<Answer>(method: Method, path: string, body?: object, longestMs = LONGEST_MS): Promise<Answer> {
  const said = body && JSON.stringify(body)
  const answer = await reach(path, {
    method,
    headers: headersOf(method, body),
    body: said,
    keepalive: method !== 'GET' && (said?.length ?? 0) <= OUTLIVES_CHARS,
    signal: AbortSignal.timeout(longestMs),
  })
  if (!answer.ok) throw await problemOf(answer)
  return await read(answer)
}

/** Give the desk a file, however long that takes. @throws {Problem} as `call`. */
export async function send<Answer>(path: string, file: Blob, type = file.type): Promise<Answer> {
  const headers = { 'accept': 'application/json', 'content-type': type || 'application/octet-stream', ...csrfHeader() }
  const answer = await reach(path, { method: 'POST', headers, body: file })
  if (!answer.ok) throw await problemOf(answer)
  return await read(answer)
}

async function read<Answer>(answer: Response): Promise<Answer> {
  if (answer.status === 204) return undefined as Answer
  return await answer.json().catch(() => { throw new Problem('unexpected', answer.status) }) as Answer
}

async function reach(path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(path, request)
  }
  catch {
    throw new Problem(UNREACHABLE, 0)
  }
}

function headersOf(method: Method, body?: object): Record<string, string> {
  return {
    accept: 'application/json',
    ...(body && { 'content-type': 'application/json' }),
    ...(method !== 'GET' && csrfHeader()),
  }
}

/** Whether a sign-in of this browser lasts: its readable half is here. */
export function hasSession(): boolean {
  return cookie('wxdesk_csrf') !== ''
}

export function csrfHeader(): Record<string, string> {
  return { 'x-csrf-token': cookie('wxdesk_csrf') }
}

async function problemOf(answer: Response): Promise<Problem> {
  return problemTold(answer.status, await answer.json().catch(() => ({})) as Facts)
}

/** What a refusing answer says. */
export function problemTold(status: number, told: Facts): Problem {
  const code = typeof told.code === 'string' ? told.code : status >= 500 ? UNREACHABLE : 'unexpected'
  const problem = new Problem(code, status, told)
  if (code === 'not_signed_in') signedOut(problem)
  return problem
}

function cookie(name: string): string {
  const found = document.cookie.split('; ').find(one => one.startsWith(`${name}=`))
  return found ? decodeURIComponent(found.slice(name.length + 1)) : ''
}

type Value = string | number | null | undefined

/** `?a=1&b=2`, without what is not given; of a list each, under the same name. */
export function query(values: Record<string, Value | readonly Value[]>): string {
  const given = Object.entries(values)
    .flatMap(([key, value]) => (Array.isArray(value) ? value as readonly Value[] : [value as Value]).map(one => [key, one] as const))
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
  return given.length ? `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}` : ''
}
