import type { Agent } from '@/api/types'
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { listAgents, pictureAt } from '@/api/session'

/** The colleagues at this desk. */
export const useAgents = defineStore('agents', () => {
  const byId = shallowReactive(new Map<number, Agent>())

  function put(agent: Agent): void {
    const known = byId.get(agent.id)
    if (!known || known.version <= agent.version) byId.set(agent.id, agent)
  }

  async function load(): Promise<void> {
    const { items } = await listAgents()
    items.forEach(put)
  }

  /** The name a person goes by now; what was written down then, where we do not know them. */
  function nameOf(person: { id: number, name: string }): string {
    return byId.get(person.id)?.name ?? person.name
  }

  return { byId, put, load, nameOf }
})

/** Where the picture is that somebody shows of themselves; undefined: they show none. */
export function pictureOf(id: number): string | undefined {
  const picture = useAgents().byId.get(id)?.picture
  return picture ? pictureAt(id, picture) : undefined
}
