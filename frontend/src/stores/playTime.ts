const PATIENCE_MS = 2000

/** How many seconds a sound plays; null where this browser cannot tell before it travels. */
export function playTimeOf(file: Blob): Promise<number | null> {
  const source = URL.createObjectURL(file)
  const audio = new Audio()
  audio.preload = 'metadata'
  const told = new Promise<number | null>((resolve) => {
    audio.onloadedmetadata = () => resolve(Number.isFinite(audio.duration) ? audio.duration : null)
    audio.onerror = () => resolve(null)
    setTimeout(resolve, PATIENCE_MS, null)
  })
  audio.src = source
  return told.finally(() => URL.revokeObjectURL(source))
}
