/** What a browser and its system are called. */
import type { SignedIn } from '@/api/own'
import { has, say } from './words'

/** Chrome · Windows; what has no other name in this language keeps its own. */
export function deviceText({ browser, system }: Pick<SignedIn, 'browser' | 'system'>): string {
  return [browser, system].filter(Boolean).map(called).join(' · ') || say('devices.unknown')
}

function called(name: string): string {
  const key = `browser.${name}`
  return has(key) ? say(key) : name
}
