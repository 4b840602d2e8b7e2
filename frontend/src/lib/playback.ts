/** What playback does by itself: passing over silence, going round a loop, showing a subtitle. Times are seconds. */

export interface Bounds {
  readonly from: number
  readonly to: number
}

/** The bounds of two times, whichever came first. */
export function between(one: number, other: number): Bounds {
  return { from: Math.min(one, other), to: Math.max(one, other) }
}

interface Timed {
  readonly start: number
  readonly end: number
}

/** Silence longer than this is passed over. */
export const LONG_SILENCE = 1.5
/** How long the last word before a silence rings on, and how long before the next one playback comes back. */
const TAIL = 0.3
const LEAD = 0.25

/** Where nobody speaks for longer than `LONG_SILENCE`, in order; what is behind the last word is none, for nothing follows it. */
export function silences(segments: readonly { readonly words: readonly Timed[] }[]): Bounds[] {
  const words = segments.flatMap((segment) => segment.words).sort((one, other) => one.start - other.start)
  const found: Bounds[] = []
  let heard = 0
  for (const { start, end } of words) {
    if (start - heard > LONG_SILENCE) found.push({ from: heard, to: start })
    heard = Math.max(heard, end)
  }
  return found
}

/** Where to go on from `time` so that a long silence is not heard; null outside of one. */
export function pastSilence(gaps: readonly Bounds[], time: number): number | null {
  const gap = lastBefore(gaps, time, (one) => one.from)
  if (!gap || time < gap.from + (gap.from > 0 ? TAIL : 0)) return null
  const target = gap.to - LEAD
  return time < target - LEAD ? target : null
}

/** Where to go when playback went from `before` to `now`: back to the beginning once it has passed the end of the loop. */
export function roundLoop(loop: Bounds | null, before: number, now: number): number | null {
  return loop && before < loop.to && now >= loop.to ? loop.from : null
}

/** Where playback has to go on when it went from `before` to `now`; null to let it be. A silence is passed over within a loop, not out of it. */
export function detour(loop: Bounds | null, gaps: readonly Bounds[], before: number, now: number): number | null {
  const back = roundLoop(loop, before, now)
  if (back !== null) return back
  const past = pastSilence(gaps, now)
  return past !== null && loop && now < loop.to && past >= loop.to ? null : past
}

/** The subtitle shown at `time`; cues are in order. */
export function cueAt<Cue extends Timed>(cues: readonly Cue[], time: number): Cue | null {
  const cue = lastBefore(cues, time, (one) => one.start)
  return cue && time < cue.end ? cue : null
}

function lastBefore<Item>(items: readonly Item[], time: number, start: (item: Item) => number): Item | null {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const item = items[middle]
    if (item !== undefined && start(item) <= time) low = middle + 1
    else high = middle
  }
  return items[low - 1] ?? null
}
