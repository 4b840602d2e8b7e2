import type { Document, Segment, Word } from '@/lib/edits'
import { lastAtOrBefore } from '@/lib/words'
import { DOUBTFUL } from '@/lib/paragraphs'

/** A word of a document: number of its segment, number in it. */
export type WordPlace = readonly [segment: number, word: number]

/** A word stays lit through a breath this long, seconds. */
const BREATH = 0.35
/** How far into a word playback starts, seconds: the word before is not heard. Addresses tell seconds as precisely. */
const INSIDE = 0.005
/** How many segments that began earlier may still be heard: speakers talk over one another. */
const OVERLAP = 3

const segmentStarts = new WeakMap<readonly Segment[], Float64Array>()

function startsOf(segments: readonly Segment[]): Float64Array {
  const known = segmentStarts.get(segments)
  if (known) return known
  const starts = new Float64Array(segments.length)
  segments.forEach((segment, at) => (starts[at] = segment.start))
  segmentStarts.set(segments, starts)
  return starts
}

/** The segment that is heard, or was last heard, at `time`; -1 before the first. */
export function segmentAt(document: Document, time: number): number {
  return lastAtOrBefore(startsOf(document.segments), time + INSIDE)
}

/** The word heard at `time`; null in a pause. */
export function spokenAt(document: Document, time: number): WordPlace | null {
  const latest = segmentAt(document, time)
  for (let at = latest; at >= 0 && at > latest - OVERLAP; at -= 1) {
    const word = wordIn(document.segments[at]?.words ?? [], time)
    if (word >= 0) return [at, word]
  }
  return null
}

function wordIn(words: readonly Word[], time: number): number {
  const found = words.findLastIndex((word) => word.start <= time + INSIDE + 1e-6)
  return found >= 0 && time <= (words[found]?.end ?? 0) + BREATH ? found : -1
}

/** Where to play from so that the word is heard whole. */
export function playAt(document: Document, [segment, word]: WordPlace): number | null {
  const start = document.segments[segment]?.words[word]?.start
  return start === undefined ? null : start + INSIDE
}

/** The next word recognised with doubt, from a place, around the end; null when there is none. */
export function nextDoubtful(document: Document, [from, word]: WordPlace, direction: 1 | -1): WordPlace | null {
  const { segments } = document
  for (let step = 0; step <= segments.length; step += 1) {
    const at = (((from + direction * step) % segments.length) + segments.length) % segments.length
    const found = doubtfulIn(segments[at]?.words ?? [], step === 0 ? word : null, direction)
    if (found >= 0) return [at, found]
  }
  return null
}

function doubtfulIn(words: readonly Word[], past: number | null, direction: 1 | -1): number {
  const doubtful = (word: Word, at: number) => word.probability < DOUBTFUL && (past === null || (at - past) * direction > 0)
  return direction > 0 ? words.findIndex(doubtful) : words.findLastIndex(doubtful)
}

const doubtfulWords = new WeakMap<readonly Word[], number>()

function doubtfulAmong(words: readonly Word[]): number {
  const known = doubtfulWords.get(words)
  if (known !== undefined) return known
  const count = words.filter((word) => word.probability < DOUBTFUL).length
  doubtfulWords.set(words, count)
  return count
}

/** Only what an edit has touched is counted anew. */
export function countDoubtful(document: Document): number {
  return document.segments.reduce((sum, { words }) => sum + doubtfulAmong(words), 0)
}

/** Seconds that each speaker talks. */
export function talkSeconds(document: Document): Map<string, number> {
  const seconds = new Map<string, number>()
  for (const { speaker, start, end } of document.segments) {
    if (speaker !== null) seconds.set(speaker, (seconds.get(speaker) ?? 0) + Math.max(0, end - start))
  }
  return seconds
}
