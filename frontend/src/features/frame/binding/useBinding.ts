import type { ComputedRef, Ref } from 'vue'
import type { OwnBinding } from '@/api/bindings'
import { computed, onBeforeUnmount, shallowRef } from 'vue'
import { askBindingCode, getOwnBinding, revokeOwnBinding } from '@/api/bindings'
import { useToasts } from '@/stores/toasts'

const LOOK_EVERY_MS = 2000

export interface OwnWeChat {
  /** Undefined until it came. */
  own: Ref<OwnBinding | undefined>
  busy: Ref<boolean>
  /** A code is on the screen that was asked for here; what became of it is followed. */
  asked: Ref<boolean>
  waits: ComputedRef<boolean>
  load: () => Promise<void>
  ask: (accountId: number) => Promise<void>
  revoke: () => Promise<boolean>
}

/** One's own binding: followed while somebody is expected to scan. */
export function useBinding(): OwnWeChat {
  const toasts = useToasts()
  const own = shallowRef<OwnBinding>()
  const busy = shallowRef(false)
  const asked = shallowRef(false)
  const waits = computed(() => asked.value && own.value?.code?.state === 'open')

  async function run(act: () => Promise<void>): Promise<boolean> {
    busy.value = true
    try {
      await act()
      return true
    }
    catch (error) {
      toasts.explain(error)
      return false
    }
    finally {
      busy.value = false
    }
  }

  async function load(): Promise<void> {
    own.value = await getOwnBinding().catch((error) => {
      toasts.explain(error)
      return undefined
    })
  }

  async function ask(accountId: number): Promise<void> {
    await run(async () => {
      await askBindingCode(accountId)
      own.value = await getOwnBinding()
      asked.value = true
    })
  }

  async function revoke(): Promise<boolean> {
    return run(async () => {
      own.value = await revokeOwnBinding()
      asked.value = false
    })
  }

  /** A look that fails is no news: the next one comes. */
  async function look(): Promise<void> {
    if (!waits.value) return
    const found = await getOwnBinding().catch(() => null)
    if (!found || !waits.value) return
    own.value = found
    if (found.code?.state === 'used') asked.value = false
  }

  const timer = setInterval(look, LOOK_EVERY_MS)
  onBeforeUnmount(() => clearInterval(timer))

  return { own, busy, asked, waits, load, ask, revoke }
}
