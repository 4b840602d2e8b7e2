/** Bytes in the unit people expect of their file manager (powers of 1024). */
export function fileSize(bytes: number): { unit: 'byte' | 'kilobyte' | 'megabyte' | 'gigabyte'; value: number } {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  let value = bytes
  let step = 0
  while (value >= 1024 && step < units.length - 1) {
    value /= 1024
    step += 1
  }
  return { unit: units[step] ?? 'byte', value: step < 2 ? Math.round(value) : Math.round(value * 10) / 10 }
}

/** The file name of a Content-Disposition header: RFC 5987 `filename*` first, then the plain one. */
export function dispositionName(header: string | null, fallback: string): string {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(header ?? '')?.[1]
  if (extended !== undefined) {
    try {
      return decodeURIComponent(extended)
    } catch {
      return fallback // a broken escape
    }
  }
  return /filename="?([^";]+)"?/i.exec(header ?? '')?.[1] ?? fallback
}

/** The name without its ending, as a title. */
export function baseName(name: string): string {
  return name.replace(/\.[^.]{1,5}$/, '')
}
