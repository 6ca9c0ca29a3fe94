/**
 * Where the desk cuts a text that is too long for one message (wechat/split.py), so that the cost is known
 * before. The desk decides; split.vectors.json, made by it, holds the two together.
 */
import { LONGEST_BYTES } from '../length'

/** What Python calls white space: browsers leave out a few, and add one. */
const SPACE = '[\\x09-\\x0D\\x1C-\\x20\\x85\\xA0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000]'
const SPACE_NO_NEWLINE = SPACE.replace('\\x09-\\x0D', '\\x09\\x0B-\\x0D')
const CLOSING = '["\'”’」』）)\\]】》〉]*'
/** Paragraphs, lines, sentences, clauses, words. */
const PLACES = [
  `(?=\\n${SPACE_NO_NEWLINE}*\\n)`,
  '(?=\\n)',
  `(?:[。！？!?；;…]+|\\.(?=${SPACE}))${CLOSING}`,
  `(?:[，、]|,(?!\\p{Nd}))${CLOSING}`,
  `(?=${SPACE})`,
].map(place => new RegExp(place, 'gu'))
/** What would show its insides if it were cut. */
const WHOLE = new RegExp(`<a${SPACE}[^<>]{0,1000}>[^<>]{0,500}</a>|https?://[\\x21-\\x3B=\\x3F-\\x7E]{1,1000}|\\[(?:(?!${SPACE})[^[\\]]){1,12}\\]`, 'gu')
const LONGEST_WHOLE = 1600
const LEADING = new RegExp(`^${SPACE}+`, 'u')
const TRAILING = new RegExp(`${SPACE}+$`, 'u')
const CONTINUES = /[\p{M}\u{1F3FB}-\u{1F3FF}\u{E0020}-\u{E007F}\u1160-\u11FF\u200C]/u
const JOINER = '\u200D'

const encoder = new TextEncoder()

/** The parts, none of them blank. */
export function splitText(text: string, limit = LONGEST_BYTES): string[] {
  const parts: string[] = []
  let rest = [...text.replace(/\p{Cs}/gu, '?')]
  while (bytesIn(rest) > limit) {
    const cut = bestCut(rest, limit)
    parts.push(rest.slice(0, cut).join('').replace(TRAILING, ''))
    rest = [...rest.slice(cut).join('').replace(LEADING, '')]
  }
  parts.push(rest.join(''))
  return parts.filter(part => part.replace(LEADING, '') !== '')
}

function bytesIn(chars: readonly string[]): number {
  return encoder.encode(chars.join('')).length
}

/** In characters: the last good place of the best kind there is. */
function bestCut(chars: readonly string[], limit: number): number {
  const most = charsWithin(chars, limit)
  const least = Math.max(1, charsWithin(chars, Math.floor(limit / 2)))
  const wholes = spansOf(WHOLE, chars.slice(0, most + LONGEST_WHOLE))
    .filter(([start, end]) => bytesIn(chars.slice(start, end)) <= limit)
  const mayCut = (at: number): boolean => !wholes.some(([start, end]) => start < at && at < end) && !isJoined(chars, at)

  for (const place of PLACES) {
    const ends = spansOf(place, chars.slice(0, most + 1)).map(([, end]) => end)
    const found = ends.findLast(at => least <= at && at <= most && mayCut(at))
    if (found !== undefined) return found
  }
  for (let at = most; at > 0; at--) {
    if (mayCut(at)) return at
  }
  return most
}

/** From where to where the matches reach, in characters: browsers count halves of some. */
function spansOf(pattern: RegExp, chars: readonly string[]): [start: number, end: number][] {
  const text = chars.join('')
  const positions: number[] = []
  chars.forEach((char, at) => { for (let half = 0; half < char.length; half++) positions.push(at) })
  positions.push(chars.length)
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => [positions[index]!, positions[index + found.length]!])
}

function charsWithin(chars: readonly string[], limit: number): number {
  let bytes = 0
  const over = chars.findIndex(char => (bytes += encoder.encode(char).length) > limit)
  return over < 0 ? chars.length : over
}

/** Whether the characters around `at` are shown as one. */
function isJoined(chars: readonly string[], at: number): boolean {
  const [before, after] = [chars[at - 1]!, chars[at]]
  if (after === undefined) return false
  return before === JOINER || after === JOINER || CONTINUES.test(after) || before + after === '\r\n'
    || (isFlagHalf(after) && flagHalvesBefore(chars, at) % 2 === 1)
}

function isFlagHalf(char: string): boolean {
  return /[\u{1F1E6}-\u{1F1FF}]/u.test(char)
}

function flagHalvesBefore(chars: readonly string[], at: number): number {
  let start = at
  while (start > 0 && isFlagHalf(chars[start - 1]!)) start--
  return at - start
}
