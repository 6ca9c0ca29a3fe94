import type { Queued } from '@/api/monitor'
import { has, say } from '../words'

/** What somebody waits for, in a few words; `nameOf`: of an agent. */
export function whyText({ why }: Pick<Queued, 'why'>, nameOf: (agentId: number) => string): string {
  const key = `why.${why?.code}`
  if (!why || !has(key)) return say('why.unknown')
  const { agent } = why.values
  return say(key, { ...why.values, ...(typeof agent === 'number' && { agent: nameOf(agent) }) })
}
