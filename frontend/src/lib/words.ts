import type { Segment } from '@/api/types'

/** Every word of a transcript in order, by number; times as flat arrays so that a lookup touches little memory. */
export interface WordIndex {
  starts: Float64Array
  ends: Float64Array
  texts: string[]
  /** Number of the segment that a word belongs to. */
  segments: Int32Array
}

export function indexWords(segments: readonly Segment[]): WordIndex {
  const count = segments.reduce((sum, segment) => sum + segment.words.length, 0)
  const index: WordIndex = {
    starts: new Float64Array(count),
    ends: new Float64Array(count),
    texts: new Array<string>(count),
    segments: new Int32Array(count),
  }
  let next = 0
  segments.forEach((segment, position) => {
    for (const word of segment.words) {
      index.starts[next] = word.start
      index.ends[next] = word.end
      index.texts[next] = word.text
      index.segments[next] = position
      next += 1
    }
  })
  return index
}

/** Number of the last start that is at or before `time`, -1 when there is none. `starts` is sorted. */
export function lastAtOrBefore(starts: ArrayLike<number>, time: number): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((starts[middle] ?? Infinity) <= time) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** A word stays lit through a breath this long (seconds), so that running speech does not flicker. */
const BREATH = 0.35

/** Number of the word heard at `time`, -1 in a pause. */
export function wordAt(index: WordIndex, time: number): number {
  const found = lastAtOrBefore(index.starts, time + 1e-3)
  return found >= 0 && time <= (index.ends[found] ?? 0) + BREATH ? found : -1
}

/** Where to start playing so that the word is heard whole but nothing before it: just inside it. */
export function seekInto(index: WordIndex, word: number): number {
  return (index.starts[word] ?? 0) + 0.005
}
