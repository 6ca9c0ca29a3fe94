import type { Ref } from 'vue'
import type { ShownMessage } from '@/stores/messages'
import { onScopeDispose, shallowRef, watch } from 'vue'
import { heldFor } from '@/composables/useUndo'
import { useClock } from '@/stores/clock'

/** So long a message can be taken back, from now; 0 once it cannot. */
export function useHeld(message: () => ShownMessage): Readonly<Ref<number>> {
  const clock = useClock()
  const held = shallowRef(0)
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(() => [message().state, message().held_until], () => {
    clearTimeout(timer)
    held.value = heldFor(message(), clock.moment().getTime())
    if (held.value) timer = setTimeout(() => { held.value = 0 }, held.value)
  }, { immediate: true })
  onScopeDispose(() => clearTimeout(timer))

  return held
}
