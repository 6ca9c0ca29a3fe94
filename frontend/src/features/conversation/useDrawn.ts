import type { ComputedRef } from 'vue'
import type { Block } from './blocks'
import type { ShownMessage } from '@/stores/messages'
import { computed, shallowRef } from 'vue'
import { keyOf } from './blocks'

/** So many blocks fill any screen several times; a thread of years has no more on the page. */
export const MOST_DRAWN = 160
const STEP = 60

export interface Drawn {
  blocks: ComputedRef<Block[]>
  /** There are more, of those that are here, above and below. */
  above: ComputedRef<boolean>
  below: ComputedRef<boolean>
  up: () => void
  down: () => void
  /** The last ones, also when there are more. */
  follow: () => void
  /** Those that are drawn now, whatever comes in above or below. */
  stay: () => void
  /** Those around a message. */
  around: (messageId: number) => void
}

/** Of all blocks of a thread a stretch: as it is scrolled some come in on one side and some go on the other. */
export function useDrawn(all: ComputedRef<readonly Block[]>): Drawn {
  /** A message of the first block that is drawn; null: the last blocks are. */
  const first = shallowRef<string | null>(null)

  const latest = computed(() => Math.max(0, all.value.length - MOST_DRAWN))
  const at = computed(() => {
    const found = first.value === null ? -1 : all.value.findIndex(block => holds(block, first.value!))
    return found < 0 ? latest.value : found
  })

  /** With the day, or the conversation, that begins there. */
  function headOf(place: number): number {
    return place > 0 && messagesOf(all.value[place - 1]!).length === 0 ? headOf(place - 1) : place
  }

  function begin(place: number): void {
    const said = all.value.slice(Math.min(Math.max(place, 0), latest.value)).find(block => messagesOf(block).length > 0)
    first.value = said ? keyOf(messagesOf(said).at(-1)!) : null
  }

  return {
    blocks: computed(() => all.value.slice(headOf(at.value), at.value + MOST_DRAWN)),
    above: computed(() => headOf(at.value) > 0),
    below: computed(() => at.value + MOST_DRAWN < all.value.length),
    up: () => begin(at.value - STEP),
    down: () => begin(at.value + STEP),
    follow: () => { first.value = null },
    stay: () => begin(at.value),
    around: (messageId) => {
      const place = all.value.findIndex(block => messagesOf(block).some(({ id }) => id === messageId))
      if (place >= 0) begin(place - MOST_DRAWN / 2)
    },
  }
}

function messagesOf(block: Block): readonly ShownMessage[] {
  return block.kind === 'bubbles' ? block.messages : block.kind === 'event' ? [block.message] : []
}

/** A block may grow at its beginning and at its end. */
function holds(block: Block, key: string): boolean {
  return messagesOf(block).some(message => keyOf(message) === key)
}
