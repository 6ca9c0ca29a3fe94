import type { ComputedRef, Ref } from 'vue'
import type { Draft, Problem } from './buttons'
import type { Menu } from '@/api/admin'
import type { Loaded } from '@/composables/useLoaded'
import { computed, ref, shallowRef, watch } from 'vue'
import { getMenu } from '@/api/admin'
import { useLoaded } from '@/composables/useLoaded'
import { buttonOf, draftOf, emptyDraft, LIMITS, moved, problemsOf } from './buttons'

export interface MenuDraft {
  loaded: Loaded<Menu>
  buttons: Ref<Draft[]>
  problems: ComputedRef<Problem[]>
  changed: ComputedRef<boolean>
  /** The button that is edited, and the one it is below of. */
  chosen: ComputedRef<{ button: Draft, above: Draft | null } | null>
  choose: (id: number | null) => void
  add: (above: Draft | null) => void
  remove: (id: number) => void
  move: (id: number, by: -1 | 1) => void
  edit: (id: number, change: Partial<Draft>) => void
  /** Back to what WeChat has. */
  reset: () => void
  /** WeChat has this now. */
  take: (menu: Menu) => void
}

/** The menu that WeChat has, and what is being made of it. */
export function useMenuDraft(accountId: number): MenuDraft {
  const loaded = useLoaded(() => getMenu(accountId))
  const buttons = ref<Draft[]>([])
  const chosenId = shallowRef<number | null>(null)

  const written = (drafts: readonly Draft[]): string => JSON.stringify(drafts.map(buttonOf))
  const before = computed(() => written((loaded.thing.value?.buttons ?? []).map(draftOf)))
  const chosen = computed(() => chosenId.value === null ? null : find(chosenId.value))

  function find(id: number): { button: Draft, above: Draft | null } | null {
    for (const top of buttons.value) {
      if (top.id === id) return { button: top, above: null }
      const below = top.sub.find(one => one.id === id)
      if (below) return { button: below, above: top }
    }
    return null
  }

  function reset(): void {
    buttons.value = (loaded.thing.value?.buttons ?? []).map(draftOf)
    chosenId.value = null
  }

  function add(above: Draft | null): void {
    const row = above ? above.sub : buttons.value
    if (row.length >= (above ? LIMITS.subButtons : LIMITS.buttons)) return
    const made = emptyDraft()
    row.push(made)
    chosenId.value = made.id
  }

  function remove(id: number): void {
    const found = find(id)
    if (!found) return
    if (found.above) found.above.sub = found.above.sub.filter(one => one.id !== id)
    else buttons.value = buttons.value.filter(one => one.id !== id)
    chosenId.value = found.above?.id ?? null
  }

  function move(id: number, by: -1 | 1): void {
    const above = find(id)?.above
    if (above) above.sub = moved(above.sub, id, by)
    else buttons.value = moved(buttons.value, id, by)
  }

  watch(loaded.thing, reset, { flush: 'sync' })

  return {
    loaded,
    buttons,
    problems: computed(() => problemsOf(buttons.value)),
    changed: computed(() => written(buttons.value) !== before.value),
    chosen,
    choose: (id) => { chosenId.value = id },
    add,
    remove,
    move,
    edit: (id, change) => Object.assign(find(id)?.button ?? {}, change),
    reset,
    take: (menu) => { loaded.thing.value = menu },
  }
}
