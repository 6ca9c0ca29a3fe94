import { defineStore } from 'pinia'
import { onScopeDispose, shallowRef } from 'vue'

const TICK_MS = 10_000
const SECOND_MS = 1_000

/** The desk's time: this device's clock, put right by what the desk said last. */
export const useClock = defineStore('clock', () => {
  const now = shallowRef(Date.now())
  /** The same, for what ends soon: whoever reads it is drawn every second. */
  const second = shallowRef(Date.now())
  /** By how much the desk's own clock is wrong, where that is worth telling. */
  const offSeconds = shallowRef<number | null>(null)
  let ahead = 0

  function tick(): void {
    now.value = second.value = Date.now() + ahead
  }

  function tickSecond(): void {
    second.value = Date.now() + ahead
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

  const timers = [setInterval(tick, TICK_MS), setInterval(tickSecond, SECOND_MS)]
  onScopeDispose(() => timers.forEach(clearInterval))

  return { now, second, offSeconds, set, moment, tick }
})
