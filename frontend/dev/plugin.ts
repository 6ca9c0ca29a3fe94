/** `npm run dev` without a back end: the desk of dev/desk.ts answers, and its customers go on writing. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vite'
import { Buffer } from 'node:buffer'
import { Desk } from './desk.ts'
import { seed } from './seed.ts'

export function standIn(): Plugin {
  return {
    name: 'wxdesk-stand-in',
    apply: 'serve',
    configureServer(server) {
      if (process.env.VITEST) return
      const desk = new Desk()
      seed(desk)
      desk.sending = { undo_seconds: 3, join_lines: true }
      setInterval(() => desk.beat(), 15_000).unref()
      server.middlewares.use((request, response, next) => {
        if (request.url?.startsWith('/dev/')) return void act(desk, request.url, response)
        if (!request.url?.startsWith('/api/')) return next()
        void pass(desk, request, response).catch(() => response.destroy())
      })
    },
  }
}

/** Small levers for trying things by hand: /dev/write/ID?text=…, /dev/cut, /dev/fault/503. */
function act(desk: Desk, path: string, response: ServerResponse): void {
  const url = new URL(path, 'http://desk')
  const [, , verb, value] = url.pathname.split('/')
  if (verb === 'write') desk.write(desk.contacts.get(Number(value)) ?? desk.contact(), url.searchParams.get('text') ?? '你好')
  if (verb === 'cut') desk.cut()
  if (verb === 'empty') [desk.conversations, desk.messages].forEach(all => all.clear())
  if (verb === 'out') desk.me = null
  if (verb === 'fault') desk.fault = value === '0' ? () => {} : faultFor(Number(value), url.searchParams)
  response.end('ok\n')
}

function faultFor(status: number, wanted: URLSearchParams): Desk['fault'] {
  const facts = { retry_after_seconds: 20, until: new Date(Date.now() + 600_000).toISOString() }
  const failure = { status, code: wanted.get('code') ?? 'unreachable', facts }
  return (_, path) => path.includes(wanted.get('path') ?? '/') ? failure : undefined
}

async function pass(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const answer = await desk.fetch(request.url!, {
    method: request.method,
    headers: request.headers as Record<string, string>,
    body: bodyOf(request, Buffer.concat(parts)),
    signal: gone.signal,
  })
  settleSoon(desk)
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  if (!answer.body) return void response.end()
  for await (const part of answer.body) response.write(part)
  response.end()
}

/** JSON is text; a file stays as it is. */
function bodyOf({ headers }: IncomingMessage, bytes: Buffer): string | Uint8Array<ArrayBuffer> | undefined {
  if (!bytes.length) return undefined
  return headers['content-type'] === 'application/json' ? bytes.toString() : new Uint8Array(bytes)
}

function settleSoon(desk: Desk): void {
  for (const { id, state, held_until } of desk.messages.values()) {
    const held = held_until ? Date.parse(held_until) - Date.now() : 0
    if (state === 'queued') setTimeout(() => desk.messages.get(id)?.state === 'queued' && desk.settle(id, 'sent'), Math.max(0, held) + 900)
  }
}
