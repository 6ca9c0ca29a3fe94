/** WeChat's limit for one text message, in bytes of UTF-8; the desk splits what is longer at the ends of sentences. */
export const LONGEST_BYTES = 2048

/** As many characters as the desk takes at once. */
export const LONGEST_TEXT = 10_000

const encoder = new TextEncoder()

export function bytesOf(text: string): number {
  return encoder.encode(text).length
}
