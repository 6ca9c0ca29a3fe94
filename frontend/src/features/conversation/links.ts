/** The web addresses in what somebody wrote. Everything else stays text. */
export interface Part { text: string, href: string | null }

// An address ends at a space, at Chinese punctuation, or where the direction of writing is turned, which would show
// it as another; what closes a sentence is not part of it.
const ADDRESS = /https?:\/\/[^\s<>"'`\u200E\u200F\u202A-\u202E\u2066-\u2069\u3001-\u303F\uFF00-\uFFEF\u2018-\u201D\u4E00-\u9FFF]+/gi
const CLOSING = /[.,;:!?)\]}]+$/

export function partsOf(text: string): Part[] {
  const parts: Part[] = []
  let from = 0
  for (const found of text.matchAll(ADDRESS)) {
    const address = withoutClosing(found[0])
    if (found.index > from) {
      parts.push({ text: text.slice(from, found.index), href: null })
    }
    parts.push({ text: address, href: address })
    from = found.index + address.length
  }
  if (from < text.length) {
    parts.push({ text: text.slice(from), href: null })
  }
  return parts
}

/** A bracket that was opened inside the address belongs to it. */
function withoutClosing(address: string): string {
  const bare = address.replace(CLOSING, '')
  return address[bare.length] === ')' && bare.includes('(') ? `${bare})` : bare
}
