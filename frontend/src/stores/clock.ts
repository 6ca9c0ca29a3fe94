import { defineStore } from 'pinia'
import { onScopeDispose, shallowRef } from 'vue'

const TICK_MS = 10_000

/** The desk's time: this device's clock, put right by what the desk said last. */
export const useClock = defineStore('clock', () => {
  const now = shallowRef(Date.now())
  let ahead = 0

  function tick(): void {
    now.value = Date.now() + ahead
  }

  function set(serverTime: string): void {
    const moment = Date.parse(serverTime)
    if (Number.isNaN(moment)) return
    ahead = moment - Date.now()
    tick()
  }

  /** This very moment, for what is written now. */
  function moment(): Date {
    return new Date(Date.now() + ahead)
  }

  const timer = setInterval(tick, TICK_MS)
  onScopeDispose(() => clearInterval(timer))

  return { now, set, moment, tick }
})
