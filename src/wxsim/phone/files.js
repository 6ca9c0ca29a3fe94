/** Files on their way to the simulator. */

import { t } from './words.js'

export const MAX_FILE_BYTES = 12_000_000
export const PICTURES = 'image/png,image/jpeg,image/gif,image/webp,image/bmp'

/** The bytes in base64; too many are an Error with a sentence. */
export function base64(file) {
  if (file.size > MAX_FILE_BYTES) throw new Error(t('tooLarge'))
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}

/** Let somebody choose files; none where they do not. */
export function pick(accept, { multiple = false } = {}) {
  const input = document.getElementById('file')
  Object.assign(input, { accept, multiple, value: '' })
  return new Promise(resolve => {
    input.onchange = () => resolve([...input.files])
    input.oncancel = () => resolve([])
    input.click()
  })
}
