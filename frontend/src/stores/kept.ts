/** Small things kept in this browser, shared by its tabs. Storage may be closed to us: then they live as long as the page. */

export function readKept<Value>(key: string, otherwise: Value): Value {
  try {
    const kept = localStorage.getItem(key)
    return kept === null ? otherwise : JSON.parse(kept) as Value
  }
  catch {
    return otherwise
  }
}

export function writeKept(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(value))
  }
  catch { /* full or forbidden: nothing to do about it */ }
}

/** Of what is kept in this browser. */
export function keysKept(prefix: string): string[] {
  try {
    return Object.keys(localStorage).filter(key => key.startsWith(prefix))
  }
  catch {
    return []
  }
}

/** Be told when another tab of this browser writes a key that begins so. */
export function whenKeptElsewhere(prefix: string, changed: (key: string) => void): void {
  window.addEventListener('storage', ({ key }) => {
    if (key?.startsWith(prefix)) changed(key)
  })
}
