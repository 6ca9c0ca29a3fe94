/** Quick replies: how they are found, filled in, and stand in a tree. Values in, values out. */
import type { QuickReply } from '@/api/quickReplies'

const HOLE = /\{([^{}\n]{1,20})\}/g

/** Words that the desk knows itself, by what they stand for in a text. */
export type Known = Readonly<Record<string, string>>

/** Best first: title, then pinyin or initials, then text; of equals, what is used most. */
export function found(all: readonly QuickReply[], typed: string): QuickReply[] {
  const wanted = typed.trim().toLowerCase()
  const rated = all.map(reply => ({ reply, rate: rateOf(reply, wanted) })).filter(({ rate }) => rate > 0)
  return rated.sort((one, other) => other.rate - one.rate || other.reply.used - one.reply.used).map(({ reply }) => reply)
}

function rateOf({ title, text, find, folder }: QuickReply, wanted: string): number {
  if (wanted === '') return 1
  const name = title.toLowerCase()
  if (name.startsWith(wanted)) return 6
  if (find.split(' ').some(one => one.startsWith(wanted))) return 5
  if (name.includes(wanted)) return 4
  if (find.includes(wanted)) return 3
  return folder.toLowerCase().includes(wanted) ? 2 : text.toLowerCase().includes(wanted) ? 1 : 0
}

/** With what is known in its places; what is not stays, to be filled in. */
export function filled(text: string, known: Known): string {
  return text.replace(HOLE, (hole, name: string) => known[name] ?? hole)
}

/** What is still to be filled in of a text that came from these replies. */
export function holesIn(text: string, all: readonly QuickReply[]): string[] {
  const holes = [...new Set(text.match(HOLE) ?? [])]
  return holes.filter(hole => all.some(reply => reply.text.includes(hole)))
}

export interface Folder { name: string, path: string, folders: Folder[], replies: QuickReply[] }

/** Folders by name, replies by title within. */
export function treeOf(all: readonly QuickReply[]): Folder {
  const root: Folder = { name: '', path: '', folders: [], replies: [] }
  for (const reply of [...all].sort((one, other) => one.title.localeCompare(other.title, 'zh-CN'))) folderAt(root, reply.folder ?? '').replies.push(reply)
  return inOrder(root)
}

function folderAt(root: Folder, path: string): Folder {
  return path.split('/').filter(Boolean).reduce((at, name) => {
    const known = at.folders.find(one => one.name === name)
    if (known) return known
    const made = { name, path: at.path ? `${at.path}/${name}` : name, folders: [], replies: [] }
    at.folders.push(made)
    return made
  }, root)
}

function inOrder(folder: Folder): Folder {
  return { ...folder, folders: folder.folders.map(inOrder).sort((one, other) => one.name.localeCompare(other.name, 'zh-CN')) }
}
