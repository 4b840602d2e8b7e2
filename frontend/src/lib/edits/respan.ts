import { align, hunks } from './align'
import { settledWords } from './apply'
import type { Span, Word } from './types'

/** Seconds that a typed character takes at most: where there is room, a new word gets the length of a spoken one. */
export const PER_CHARACTER = 0.08

/** Code points, as the service counts them. */
export function lengthOf(text: string): number {
  return [...text].length
}

/**
 * Times for the words of an edited stretch. A word that stays keeps its time; a changed one its span; where their number
 * changes they share the span of what was there, by length. New words lie in the gap, within `bounds` (the end of the
 * word before the stretch and the start of the one behind it). What is new or changed has probability 1.
 */
export function respan(before: readonly Word[], texts: readonly string[], bounds: Span): Word[] {
  const pairs = align(
    before.map((word) => word.text),
    texts,
  )
  const made = new Array<Word | undefined>(texts.length)
  before.forEach((word, index) => {
    const pair = pairs[index] ?? -1
    if (pair >= 0) made[pair] = word
  })
  for (const { from, to, fromRight, toRight } of hunks(pairs, before.length, texts.length)) {
    const fresh = texts.slice(fromRight, toRight)
    const spans = spansOf(before, from, to, fresh, bounds)
    fresh.forEach((text, index) => {
      const [start, end] = spans[index] ?? bounds
      made[fromRight + index] = { text, start, end, probability: 1 }
    })
  }
  return settledWords(made.filter((word) => word !== undefined))
}

function spansOf(before: readonly Word[], from: number, to: number, fresh: readonly string[], bounds: Span): Span[] {
  const [first, last] = [before[from], before[to - 1]]
  if (to - from === fresh.length) return before.slice(from, to).map((word) => [word.start, word.end])
  if (to > from && first && last) return share(fresh, first.start, last.end)
  const start = before[from - 1]?.end ?? bounds[0]
  const room = Math.max(start, first?.start ?? bounds[1]) - start
  return share(fresh, start, start + Math.min(room, PER_CHARACTER * fresh.reduce((sum, text) => sum + lengthOf(text), 0)))
}

/** `start .. end` divided among the texts by their lengths, to the millisecond. */
export function share(texts: readonly string[], start: number, end: number): Span[] {
  const lengths = texts.map((text) => Math.max(lengthOf(text), 1))
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const spans: Span[] = []
  let [sum, from] = [0, start]
  lengths.forEach((length, index) => {
    sum += length
    const exact = start + ((end - start) * sum) / total
    const to = index + 1 === lengths.length ? end : Math.min(Math.max(Math.floor(exact * 1000 + 0.5) / 1000, from), end)
    spans.push([from, to])
    from = to
  })
  return spans
}
