import type { AgentGroup, OwnSeat, PresenceWish, Pull, Seat } from '@/api/seats'
import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import * as api from '@/api/seats'
import { useSession } from './session'

/** Who is at the desk. Everything that changes a seat passes through `put`. */
export const useSeats = defineStore('seats', () => {
  const session = useSession()
  /** By agent. */
  const byId = shallowReactive(new Map<number, Seat>())
  const groups = shallowRef<readonly AgentGroup[]>([])
  const pull = shallowRef<Pull>('any')
  /** Who waits is not shown, only how long and of which level; null: not known yet. */
  const blind = shallowRef<boolean | null>(null)
  /** So long a colleague has to accept what is handed over to them. */
  const offerSeconds = shallowRef(60)
  const busy = shallowRef(false)

  const own = computed(() => byId.get(session.agent?.id ?? 0))

  /** Take a copy, from an answer or from the stream; an older copy is ignored. */
  function put(seat: Seat): void {
    const known = byId.get(seat.id)
    if (!known || known.version <= seat.version) byId.set(seat.id, seat)
  }

  function putOwn(seat: OwnSeat): void {
    put(seat)
    pull.value = seat.pull ?? pull.value
    blind.value = seat.blind ?? blind.value
    offerSeconds.value = seat.offer_seconds ?? offerSeconds.value
  }

  async function load(): Promise<void> {
    const [{ items }, mine] = await Promise.all([api.listSeats(), api.getPresence()])
    items.forEach(put)
    putOwn(mine)
  }

  /** Groups change seldom: they are read when somebody asks. @throws {Problem} */
  async function loadGroups(): Promise<void> {
    groups.value = (await api.listGroups()).items
  }

  /** @throws {Problem} nothing was changed. */
  async function set(wish: PresenceWish): Promise<void> {
    busy.value = true
    try {
      putOwn(await api.setPresence(wish))
    }
    finally {
      busy.value = false
    }
  }

  /** What there was to note down is noted down: the place is free. @throws {Problem} */
  async function finishWrapUp(): Promise<void> {
    putOwn(await api.finishWrapUp())
  }

  /** Leave, and hand over one's work in the same act. @throws {Problem} nothing was changed. */
  async function leave(items: api.Handing[], message: string, anyway: boolean): Promise<api.HandedOver> {
    busy.value = true
    try {
      const left = await api.handOver(items, message, anyway)
      putOwn(left.seat)
      return left
    }
    finally {
      busy.value = false
    }
  }

  /** Who of a group is here and takes conversations. */
  function hereOf(group: AgentGroup): Seat[] {
    return group.agent_ids.flatMap(id => byId.get(id) ?? []).filter(takesNew)
  }

  function clear(): void {
    byId.clear()
  }

  return { byId, groups, pull, blind, offerSeconds, busy, own, put, load, loadGroups, set, leave, finishWrapUp, hereOf, clear }
})

/** Whether they are given conversations, room permitting. */
export function takesNew({ presence, paused }: Seat): boolean {
  return presence === 'online' && !paused
}

export function isFull({ load, capacity }: Seat): boolean {
  return load >= capacity
}
