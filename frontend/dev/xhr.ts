/** The older way to ask, as uploads use it, answered by a desk in memory. For tests. */
import type { Desk } from './desk.ts'

export function requestsTo(desk: Desk): typeof XMLHttpRequest {
  class DeskRequest {
    upload: { onprogress?: (event: { loaded: number, total: number }) => void } = {}
    onload?: () => void
    onerror?: () => void
    onabort?: () => void
    status = 0
    responseText = ''
    #path = ''
    #headers: Record<string, string> = {}
    #aborted = false

    open(_method: string, path: string): void {
      this.#path = path
    }

    setRequestHeader(name: string, value: string): void {
      this.#headers[name] = value
    }

    abort(): void {
      this.#aborted = true
      this.onabort?.()
    }

    async send(file: Blob): Promise<void> {
      this.upload.onprogress?.({ loaded: file.size / 2, total: file.size })
      try {
        const answer = await desk.fetch(this.#path, { method: 'POST', headers: this.#headers, body: new Uint8Array(await file.arrayBuffer()) })
        if (this.#aborted) return
        this.status = answer.status
        this.responseText = await answer.text()
        this.onload?.()
      }
      catch {
        this.onerror?.()
      }
    }
  }
  return DeskRequest as unknown as typeof XMLHttpRequest
}
