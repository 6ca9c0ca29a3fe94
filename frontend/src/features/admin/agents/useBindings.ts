import type { ComputedRef, Ref } from 'vue'
import type { Binding } from '@/api/bindings'
import { computed, shallowRef } from 'vue'
import { listBindings } from '@/api/bindings'
import { useSession } from '@/stores/session'

export interface Bindings {
  /** Only administrators are told. */
  visible: ComputedRef<boolean>
  of: (agentId: number) => Binding | undefined
  /** How often they were read. */
  turn: Ref<number>
  load: () => Promise<void>
}

/** Which agents have bound their own WeChat. */
export function useBindings(): Bindings {
  const session = useSession()
  const found = shallowRef<readonly Binding[]>([])
  const turn = shallowRef(0)
  const visible = computed(() => session.agent?.role === 'admin')

  async function load(): Promise<void> {
    if (visible.value) found.value = (await listBindings()).items
    turn.value++
  }

  return { visible, turn, of: agentId => found.value.find(({ agent }) => agent.id === agentId), load }
}
