import type { ThreadKey } from '../words'
import type { Problem } from '@/api/http'
import type { MediaLimit } from '@/api/media'
import { sizeText } from '@/composables/sizeText'
import { problemText } from '@/i18n'
import { has, say } from '../words'

/** What is wrong with a file, and what to do about it. */
export function fileText({ code, facts }: Problem, limit: MediaLimit | null): string {
  // The desk's own check says the same things under one code.
  const reason = code === 'media_unusable' ? String(facts.problem) : code
  const key = `file.${reason}`
  if (!has(key)) return code === 'media_unusable' ? say('file.other', { code: reason }) : problemText(code, facts)
  return say(key as ThreadKey, {
    most: typeof facts.most === 'number' && code === 'too_many_files' ? facts.most : sizeText(Number(facts.most ?? facts.max_bytes ?? limit?.max_bytes ?? 0)),
    size: sizeText(Number(facts.size ?? 0)),
    seconds: facts.max_seconds ?? limit?.max_seconds ?? 60,
    types: typesText(limit?.types ?? []),
    type: typeText(String(facts.type ?? '')),
  })
}

/** JPEG、PNG、GIF */
function typesText(types: readonly string[]): string {
  return types.map(typeText).join(say('file.comma'))
}

function typeText(type: string): string {
  return type.split('/')[1]?.replace(/^x-|\+xml$/g, '').replace('mpeg', 'mp3').toUpperCase() || say('file.unknownType')
}
