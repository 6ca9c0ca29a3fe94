/** WeChat's faces as it writes them, `[微笑]`, `/::)`, and as they are shown here. Values in, values out. */
import { FACES, GLYPHS } from './faces'

export interface Emoji {
  name: string
  /** What is shown; none: the name has to do. */
  glyph: string | null
  /** What is written into a text. */
  code: string
  /** Pinyin and initials, by which it is found. */
  find: string
}

/** A piece of a text; `name`: it is a face, and `glyph` how it looks. */
export interface Piece { text: string, name?: string, glyph?: string | null }

const OLD = new Map<string, string>()

export const WECHAT: readonly Emoji[] = FACES.split('\n').filter(Boolean).map((line) => {
  const [name, glyph, full, initials, old] = line.split(' ') as [string, string, string, string, string]
  if (old !== '-') OLD.set(old, name)
  return { name, glyph: glyph === '-' ? null : glyph, code: `[${name}]`, find: `${full} ${initials}` }
})

export const UNICODE: readonly Emoji[] = GLYPHS.split('\n').filter(Boolean).map((line) => {
  const [glyph, name, full, initials] = line.split(' ') as [string, string, string, string]
  return { name, glyph, code: glyph, find: `${full} ${initials}` }
})

const BY_NAME = new Map(WECHAT.map(one => [one.name, one]))
const BY_CODE = new Map([...WECHAT, ...UNICODE].map(one => [one.code, one]))

/** Longer codes first: `/::-O` is no `/::` with something behind it. What WeChat does not know stays text. */
const CODES = new RegExp(
  [...[...OLD.keys()].toSorted((one, other) => other.length - one.length), ...WECHAT.map(({ code }) => code)]
    .map(code => code.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('|'),
  'g',
)

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const { 0: code, index } of text.matchAll(CODES)) {
    const name = OLD.get(code) ?? code.slice(1, -1)
    if (index > from) pieces.push({ text: text.slice(from, index) })
    pieces.push({ text: code, name, glyph: BY_NAME.get(name)!.glyph })
    from = index + code.length
  }
  if (from < text.length || pieces.length === 0) pieces.push({ text: text.slice(from) })
  return pieces
}

/** For a line that can hold nothing but text. */
export function readable(text: string): string {
  return text.replace(CODES, (code) => {
    const name = OLD.get(code) ?? code.slice(1, -1)
    return BY_NAME.get(name)!.glyph ?? `[${name}]`
  })
}

/** By name, pinyin or initials; what begins so comes first. */
export function findEmoji(all: readonly Emoji[], typed: string): Emoji[] {
  const wanted = typed.trim().toLowerCase()
  if (!wanted) return [...all]
  const rated = all.map(one => ({ one, rate: rateOf(one, wanted) })).filter(({ rate }) => rate > 0)
  return rated.sort((one, other) => other.rate - one.rate).map(({ one }) => one)
}

function rateOf({ name, find }: Emoji, wanted: string): number {
  if (name.toLowerCase() === wanted || find.split(' ').includes(wanted)) return 5
  if (name.toLowerCase().startsWith(wanted)) return 4
  if (find.split(' ').some(one => one.startsWith(wanted))) return 3
  return name.toLowerCase().includes(wanted) ? 2 : find.includes(wanted) ? 1 : 0
}

/** Those that were used last, by their codes. */
export function emojiOf(codes: readonly string[]): Emoji[] {
  return codes.flatMap(code => BY_CODE.get(code) ?? [])
}
