/** The control API of the simulator, and its live events. */

/** Call it; a refusal is an Error with the simulator's sentence. */
export async function call(method, path, body) {
  const request = { method, headers: {} }
  if (body !== undefined) {
    request.body = JSON.stringify(body)
    request.headers['Content-Type'] = 'application/json'
  }
  const response = await fetch(`/sim/${path}`, request)
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error)
  return answer
}

export const act = (openid, wish) => call('POST', `followers/${openid}/send`, wish)

/** `begin` with every (re)connection: nothing is replayed, so read everything then. */
export function follow({ begin, lost, event }) {
  const source = new EventSource('/sim/live')
  source.onopen = begin
  source.onerror = lost
  source.onmessage = message => event(JSON.parse(message.data))
}
