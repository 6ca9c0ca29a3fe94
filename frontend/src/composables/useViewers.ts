import type { ComputedRef } from 'vue'
import { computed } from 'vue'
import { t } from '@/i18n'
import { pictureOf, useAgents } from '@/stores/agents'
import { useClock } from '@/stores/clock'
import { useViewing } from '@/stores/viewing'

export interface Viewers {
  /** Colleagues who look at it. */
  people: ComputedRef<{ id: number, name: string, src?: string }[]>
  /** The same, and who of them writes, in words; '': nobody. */
  label: ComputedRef<string>
  /** Somebody writes just now. */
  typing: ComputedRef<boolean>
}

export function useViewers(conversationId: () => number): Viewers {
  const agents = useAgents()
  const clock = useClock()
  const viewing = useViewing()

  const all = computed(() => viewing.of(conversationId()).map(({ id, typing_until }) => ({ id, name: agents.byId.get(id)?.name ?? '', src: pictureOf(id), until: typing_until ? Date.parse(typing_until) : 0 })))
  const writing = computed(() => all.value.filter(({ until }) => until > 0 && until > clock.second))
  const names = (some: readonly { name: string }[]) => some.map(({ name }) => name).join(t('allowance.comma'))

  return {
    people: all,
    typing: computed(() => writing.value.length > 0),
    label: computed(() => writing.value.length ? t('viewers.typing', { names: names(writing.value) }) : all.value.length ? t('viewers.looking', { names: names(all.value) }) : ''),
  }
}
