import { fireEvent } from '@testing-library/vue'
import { afterEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { useHotkeys } from './useHotkeys'

const next = vi.fn()
const list = vi.fn()
let scope = effectScope()

afterEach(() => {
  scope.stop()
  next.mockReset()
})

function listen(): void {
  scope = effectScope()
  scope.run(() => useHotkeys(() => [
    { code: 'KeyJ', with: 'alt', run: next },
    { code: 'Slash', with: 'shift', whileTyping: false, run: list },
  ]))
}

it('goes by the place of the key, whatever it writes', async () => {
  listen()
  await fireEvent.keyDown(document, { code: 'KeyJ', key: '∆', altKey: true })

  expect(next).toHaveBeenCalledOnce()
})

it('is silent while an input method composes', async () => {
  listen()
  await fireEvent.keyDown(document, { code: 'KeyJ', altKey: true, isComposing: true })
  await fireEvent.keyDown(document, { code: 'KeyJ', altKey: true, keyCode: 229 })

  expect(next).not.toHaveBeenCalled()
})

it('wants exactly its keys', async () => {
  listen()
  await fireEvent.keyDown(document, { code: 'KeyJ', altKey: true, shiftKey: true })
  await fireEvent.keyDown(document, { code: 'KeyJ' })

  expect(next).not.toHaveBeenCalled()
})

it('leaves plain characters to whoever types', async () => {
  listen()
  const field = document.body.appendChild(document.createElement('textarea'))
  await fireEvent.keyDown(field, { code: 'Slash', key: '?', shiftKey: true })
  field.remove()

  expect(list).not.toHaveBeenCalled()
})
