import { useRouter } from 'vue-router'
import { useConversations } from '@/stores/conversations'
import { useSeats } from '@/stores/seats'
import { useToasts } from '@/stores/toasts'
import { focusComposer } from './useTake'

export interface Offers {
  /** Take what is offered, and open it. */
  accept: (id: number) => Promise<void>
  /** It goes to others. */
  decline: (id: number, reason: string) => Promise<void>
  /** Take whoever is first, and open it. */
  takeNext: () => Promise<void>
  /** One key for both: what is offered comes first. */
  acceptOrTake: () => Promise<void>
}

/** What an agent is asked to take, and what they take by themselves. */
export function useOffers(): Offers {
  const router = useRouter()
  const conversations = useConversations()
  const seats = useSeats()
  const toasts = useToasts()

  async function open(id: number): Promise<void> {
    await router.push(`/conversations/${id}`)
    focusComposer()
  }

  async function accept(id: number): Promise<void> {
    try {
      await conversations.accept(id)
      await open(id)
    }
    catch (error) {
      toasts.explain(error)
    }
  }

  async function decline(id: number, reason: string): Promise<void> {
    await conversations.decline(id, reason).catch(toasts.explain)
  }

  async function takeNext(): Promise<void> {
    try {
      const id = await conversations.takeNext()
      if (id !== null) await open(id)
    }
    catch (error) {
      toasts.explain(error)
    }
  }

  async function acceptOrTake(): Promise<void> {
    const offered = conversations.offers[0]
    if (offered) return accept(offered.id)
    if (seats.pull !== 'none' && conversations.groups.waiting.length) await takeNext()
  }

  return { accept, decline, takeNext, acceptOrTake }
}
