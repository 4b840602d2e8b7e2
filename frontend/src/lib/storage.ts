/** Browser storage that may be missing (private windows, full disk): reading gives null, writing says whether it held. */
export function recall(key: string, area: Area = 'local'): string | null {
  try {
    return areas[area]().getItem(key)
  } catch {
    return null // storage is forbidden here: the choice lives for this page only
  }
}

export function remember(key: string, value: string | null, area: Area = 'local'): boolean {
  try {
    if (value === null) areas[area]().removeItem(key)
    else areas[area]().setItem(key, value)
    return true
  } catch {
    return false
  }
}

/** `visit` ends with its window. */
type Area = 'local' | 'visit'

const areas: Record<Area, () => Storage> = { local: () => localStorage, visit: () => sessionStorage }
