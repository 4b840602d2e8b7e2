/** Seconds as people read a clock: `0:07`, `12:05`, `1:02:03`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0))
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  const rest = String(whole % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}

/** The same to a tenth of a second, for bounds that are cut at: `0:07.3`. */
export function formatTenths(seconds: number): string {
  const tenths = Math.round(Math.max(0, seconds) * 10)
  return `${formatClock(tenths / 10)}.${String(tenths % 10)}`
}

export interface Left {
  unit: 'seconds' | 'minutes' | 'hours'
  count: number
}

/** Time left, rounded so that it does not flicker: 5-second steps below a minute, then whole minutes, then hours. */
export function roundLeft(seconds: number | null | undefined): Left | null {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return null
  if (seconds < 55) return { unit: 'seconds', count: Math.max(5, Math.ceil(seconds / 5) * 5) }
  if (seconds < 90 * 60) return { unit: 'minutes', count: Math.max(1, Math.round(seconds / 60)) }
  return { unit: 'hours', count: Math.round(seconds / 3600) }
}

/** ISO 8601 duration for `<time datetime>`: `PT83S`. */
export function isoDuration(seconds: number): string {
  return `PT${Math.round(Math.max(0, seconds))}S`
}
