/** Which keys do what, unless somebody has set them otherwise. By the place of a key, as `Ctrl+Alt+KeyE`. Pure. */
import type { Hotkey } from './useHotkeys'

export const SHORTCUTS = {
  'action.next': 'Alt+KeyJ',
  'action.previous': 'Alt+KeyK',
  'action.nextUnread': 'Alt+KeyU',
  'action.mostUrgent': 'Alt+KeyI',
  'action.takeTop': 'Alt+Enter',
  'action.focusComposer': 'Alt+KeyL',
  'action.note': 'Alt+KeyP',
  'action.transfer': 'Alt+KeyT',
  'action.snooze': 'Alt+KeyM',
  'action.tag': 'Alt+KeyG',
  'action.end': 'Alt+KeyE',
  'action.endNext': 'Ctrl+Alt+KeyE',
  'action.invite': 'Alt+KeyR',
  'action.undo': 'Alt+KeyZ',
  'action.emoji': 'Alt+KeyX',
  'action.image': 'Alt+KeyA',
  'action.record': 'Alt+KeyV',
  'action.video': 'Alt+KeyS',
  'action.panel': 'Alt+KeyO',
  'action.inbox': 'Alt+KeyC',
  'action.admin': 'Alt+Comma',
  'action.commands': 'Ctrl+KeyK',
  'action.shortcuts': 'Shift+Slash',
  'action.back': 'Escape',
} as const

export type ShortcutKey = keyof typeof SHORTCUTS

/** What somebody has set otherwise; empty: it has no keys. */
export type OwnKeys = Readonly<Record<string, string>>

/** They have a meaning of their own in every program. */
export const FIXED: ReadonlySet<string> = new Set<ShortcutKey>(['action.back', 'action.shortcuts'])
/** Of the page, though no action of this list: the browser's or the system's, or Alt and a digit. */
const TAKEN = /^(?:Ctrl\+Key[ACFNPRSTVWXZ]|Alt\+Digit[1-9]|Alt\+(?:Tab|F4|Space|ArrowLeft|ArrowRight))$/

export function keysFor(key: ShortcutKey, own: OwnKeys): string {
  return own[key] ?? SHORTCUTS[key]
}

/** What listens for these keys; none, where there are none. */
export function hotkeyOf(keys: string): Omit<Hotkey, 'run'> | undefined {
  const parts = keys.split('+')
  const code = parts.pop()
  if (!code) return undefined
  const [main, alt, shift] = ['Ctrl', 'Alt', 'Shift'].map(one => parts.includes(one))
  if (shift && (main || alt)) return { code, with: 'other' }
  return { code, with: main ? alt ? 'mainAlt' : 'main' : alt ? 'alt' : shift ? 'shift' : 'none', ...!main && !alt && code !== 'Escape' && { whileTyping: false } }
}

/** As they are printed on a keyboard: `Ctrl+Alt+E`. */
export function printed(keys: string): string {
  if (keys === 'Shift+Slash') return '?'
  return keys.replace(/Key([A-Z])$/, '$1').replace(/Digit(\d)$/, '$1').replace('Comma', ',').replace('Period', '.').replace('Slash', '/').replace('Escape', 'Esc')
}

/** What somebody presses, for a shortcut; null: no shortcut is made of that. */
export function pressed({ code, ctrlKey, metaKey, altKey, shiftKey }: Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string | null {
  if (shiftKey || !(altKey || ctrlKey || metaKey) || !/^(?:Key[A-Z]|Digit\d|Enter|Comma|Period|Slash|Semicolon|F\d{1,2})$/.test(code)) return null
  return [ctrlKey || metaKey ? 'Ctrl' : '', altKey ? 'Alt' : '', code].filter(Boolean).join('+')
}

/** Why an action cannot have these keys: they are another action's, or not ours to give. */
export function conflictOf(key: ShortcutKey, keys: string, own: OwnKeys): ShortcutKey | 'taken' | null {
  if (TAKEN.test(keys)) return 'taken'
  return (Object.keys(SHORTCUTS) as ShortcutKey[]).find(other => other !== key && keysFor(other, own) === keys) ?? null
}

/** With these keys; those that everybody has are not kept. */
export function withKeys(own: OwnKeys, key: ShortcutKey, keys: string): Record<string, string> {
  const { [key]: _, ...others } = own
  return keys === SHORTCUTS[key] ? others : { ...others, [key]: keys }
}
