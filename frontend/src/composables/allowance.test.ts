import type { Allowance, Grant } from '@/api/types'
import { expect, it } from 'vitest'
import { forecastOf, toneOf, windowOf } from './allowance'
import vectors from './allowance.vectors.json'

const NOW = Date.parse('2026-11-24T01:00:00Z')
const MINUTE = 60_000
const HOUR = 60 * MINUTE

function grant(left: number | null, endsIn: number, lasts = 48 * HOUR): Grant {
  return {
    name: 'message',
    trigger: 'message',
    count: left,
    left,
    opened_at: new Date(NOW + endsIn - lasts).toISOString(),
    expires_at: new Date(NOW + endsIn).toISOString(),
  }
}

function allowance(...grants: Grant[]): Allowance {
  return { grants, reserved: 0, margin_seconds: 60 }
}

it.each(vectors)('reckons as the desk does: $name', ({ allowance: kept, now, left, closes_at, spent }) => {
  const { of: _, endsAt: __, ...found } = forecastOf(kept as Allowance, Date.parse(now))

  expect(found).toEqual({ left, closesAt: closes_at && Date.parse(closes_at), spent })
})

it('counts a grant as over a minute before its end, a short one a sixth of it', () => {
  expect(forecastOf(allowance(grant(5, MINUTE)), NOW)).toMatchObject({ left: 0, closesAt: null, spent: false })
  expect(forecastOf(allowance(grant(3, 11_000, MINUTE)), NOW)).toMatchObject({ left: 3, endsAt: NOW + 1_000 })
  expect(forecastOf(allowance(grant(3, 10_000, MINUTE)), NOW)).toMatchObject({ left: 0 })
})

it('knows the window as the desk sorts by it, whatever waits to be sent', () => {
  expect(windowOf(allowance(grant(0, 5 * HOUR), grant(3, HOUR)))).toEqual({ closesAt: NOW + HOUR, left: 3 })
  expect(windowOf(allowance(grant(0, HOUR)))).toBeNull()
})

it.each([
  [5, HOUR, false, 'calm'],
  [5, 3 * HOUR, true, 'calm'],
  [1, 3 * HOUR, true, 'near'],
  [5, HOUR, true, 'near'],
  [5, 10 * MINUTE, true, 'urgent'],
  [0, 10 * HOUR, true, 'over'],
] as const)('warns only when somebody waits: %i left for %i ms, owed %s', (left, endsIn, owed, tone) => {
  expect(toneOf(forecastOf(allowance(grant(left, endsIn)), NOW), NOW, owed)).toBe(tone)
})
