/** Ask for one file; null when the person changes their mind. */
export function pickFile(accept: string): Promise<File | null> {
  const field = document.createElement('input')
  field.type = 'file'
  field.accept = accept
  return new Promise((resolve) => {
    field.addEventListener('change', () => resolve(field.files?.[0] ?? null))
    field.addEventListener('cancel', () => resolve(null))
    field.click()
  })
}
