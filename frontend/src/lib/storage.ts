/** Browser storage that may be missing (private windows, full disk): reading gives null, writing says whether it held. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // storage is forbidden here: the choice lives for this page only
  }
}

export function remember(key: string, value: string | null): boolean {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
    return true
  } catch {
    return false
  }
}
