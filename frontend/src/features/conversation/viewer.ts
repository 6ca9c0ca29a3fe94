/** The viewer of pictures belongs to the open conversation; a picture asks for it. */
import type { InjectionKey } from 'vue'
import type { Media } from '@/api/content'
import type { ShownMessage } from '@/stores/messages'
import { inject } from 'vue'
import { contentOf } from '@/api/content'

export type OpenPicture = (message: ShownMessage) => void
export const OPEN_PICTURE: InjectionKey<OpenPicture> = Symbol('open picture')

/** What can be done with a message? Asked where the pointer is; or by a finger that stays on it, which is nowhere. */
export const MESSAGE_HELD: InjectionKey<(message: ShownMessage, at?: { x: number, y: number }) => void> = Symbol('message held')

/** Brings a message of the open conversation into view, and marks it for a moment. */
export const SHOW_MESSAGE: InjectionKey<(messageId: number) => void> = Symbol('show message')

/** Outside of a conversation, in a preview, nothing opens. */
export const useViewer = (): OpenPicture => inject(OPEN_PICTURE, () => {})

export interface Viewed { messageId: number, media: Media & { id: number } }

/** A picture that can be looked at. */
export function viewedOf(message: ShownMessage): Viewed[] {
  const { media } = contentOf<'image'>(message)
  if (message.kind !== 'image' || message.id === null || media?.state !== 'ready' || !media.id) return []
  return [{ messageId: message.id, media: { ...media, id: media.id } }]
}
