import { expect, it } from 'vitest'
import { conflictOf, hotkeyOf, keysFor, pressed, printed, SHORTCUTS, withKeys } from './shortcuts'

const press = (code: string, held: Partial<KeyboardEvent> = {}) => pressed({ code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })

it('gives no keys to two actions', () => {
  const all = Object.values(SHORTCUTS)
  expect(new Set(all).size).toBe(all.length)
})

it('listens by the place of the key, with exactly what is held', () => {
  expect(hotkeyOf('Alt+KeyJ')).toEqual({ code: 'KeyJ', with: 'alt' })
  expect(hotkeyOf('Ctrl+Alt+KeyE')).toEqual({ code: 'KeyE', with: 'mainAlt' })
  expect(hotkeyOf('Shift+Slash')).toEqual({ code: 'Slash', with: 'shift', whileTyping: false })
  expect(hotkeyOf('Escape')).toEqual({ code: 'Escape', with: 'none' })
  expect(hotkeyOf('')).toBeUndefined()
})

it('prints what stands on the keys', () => {
  expect(['Alt+KeyJ', 'Ctrl+Alt+KeyE', 'Shift+Slash', 'Escape', 'Alt+Comma', 'Alt+Enter'].map(printed)).toEqual(['Alt+J', 'Ctrl+Alt+E', '?', 'Esc', 'Alt+,', 'Alt+Enter'])
})

it('makes a shortcut of a key that is held with Alt or Ctrl, and of nothing that writes', () => {
  expect(press('KeyN', { altKey: true })).toBe('Alt+KeyN')
  expect(press('KeyN', { metaKey: true, altKey: true })).toBe('Ctrl+Alt+KeyN')
  expect(press('KeyN')).toBeNull()
  expect(press('KeyN', { shiftKey: true })).toBeNull()
  expect(press('AltLeft', { altKey: true })).toBeNull()
})

it('refuses keys that another action has, and those of the browser', () => {
  expect(conflictOf('action.next', 'Alt+KeyK', {})).toBe('action.previous')
  expect(conflictOf('action.next', 'Alt+KeyK', { 'action.previous': 'Alt+KeyN' })).toBeNull()
  expect(conflictOf('action.next', 'Alt+KeyN', { 'action.previous': 'Alt+KeyN' })).toBe('action.previous')
  expect(conflictOf('action.next', 'Ctrl+KeyW', {})).toBe('taken')
  expect(conflictOf('action.next', 'Alt+Digit3', {})).toBe('taken')
  expect(conflictOf('action.next', 'Alt+KeyJ', {})).toBeNull()
})

it('keeps what differs from what everybody has', () => {
  const own = withKeys({}, 'action.next', 'Alt+KeyN')
  expect(keysFor('action.next', own)).toBe('Alt+KeyN')
  expect(keysFor('action.previous', own)).toBe('Alt+KeyK')
  expect(withKeys(own, 'action.next', 'Alt+KeyJ')).toEqual({})
})
