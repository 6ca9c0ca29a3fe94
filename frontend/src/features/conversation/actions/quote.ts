/** Quoting what was said, as people do in WeChat. Pure. */

/** Whoever is quoted knows what they said: a reminder will do. */
export const LONGEST_QUOTE = 60

/** One line, cut to a length, and a line break; `who` said it, where that is not plain. */
export function quoteOf(said: string, who = ''): string {
  const line = [...said.replace(/\s+/g, ' ').trim()]
  const cut = line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE).join('')}…` : line.join('')
  return `「${who && `${who}：`}${cut}」\n`
}

/** A quote stands above what has been written already. */
export function quoted(quote: string, written: string): string {
  return quote + written
}

/** Below what has been written already, with an at-sign that asks for whom. */
export function forwarded(quote: string, written: string): string {
  return `${written.trim() && `${written.trimEnd()}\n`}${quote}@`
}
