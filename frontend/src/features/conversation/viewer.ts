/** The viewer of pictures belongs to the open conversation; a picture asks for it. */
import type { InjectionKey } from 'vue'
import type { Media } from '@/api/content'
import type { ShownMessage } from '@/stores/messages'
import { inject } from 'vue'
import { contentOf } from '@/api/content'

export type OpenPicture = (message: ShownMessage) => void
export const OPEN_PICTURE: InjectionKey<OpenPicture> = Symbol('open picture')

/** A message was pressed for long: what can be done with it? */
export const MESSAGE_HELD: InjectionKey<(message: ShownMessage) => void> = Symbol('message held')

/** Outside of a conversation, in a preview, nothing opens. */
export const useViewer = (): OpenPicture => inject(OPEN_PICTURE, () => {})

export interface Viewed { messageId: number, media: Media & { id: number } }

/** A picture that can be looked at. */
export function viewedOf(message: ShownMessage): Viewed[] {
  const { media } = contentOf<'image'>(message)
  if (message.kind !== 'image' || message.id === null || media?.state !== 'ready' || !media.id) return []
  return [{ messageId: message.id, media: { ...media, id: media.id } }]
}
