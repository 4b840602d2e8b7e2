import { applyAll, expect, sameSpan, sameWords } from './apply'
import { nextLabel } from './labels'
import { lengthOf, PER_CHARACTER, respan } from './respan'
import type { Document, Label, Operation, Replace, Segment, Span, Word } from './types'

/** A place between words: before word `at` of the segment. */
export interface Place {
  readonly segment: string
  readonly at: number
}

/** A new id for a segment. */
export function freshId(): string {
  return crypto.randomUUID().replaceAll('-', '')
}

/** A label that no speaker has, so that it reads as the next number. */
export function freshLabel(document: Document): Label {
  return nextLabel(document.speakers.map((speaker) => speaker.label))
}

export function segmentOf(document: Document, id: string): Segment {
  const segment = document.segments.find((one) => one.id === id)
  expect(segment !== undefined, `no segment ${id}`)
  return segment
}

/** `count` words from `at` on read `texts` now. [] where they do so already. */
export function replaceWords(document: Document, id: string, at: number, count: number, texts: readonly string[]): Replace[] {
  const place = document.segments.findIndex((one) => one.id === id)
  const segment = document.segments[place]
  expect(segment !== undefined, `no segment ${id}`)
  const before = segment.words.slice(at, at + count)
  const [head, tail] = unchanged(before, texts)
  const old = before.slice(head, before.length - tail)
  const fresh = texts.slice(head, texts.length - tail)
  if (old.length === 0 && fresh.length === 0) return []
  const from = at + head
  const words = fitted(respan(old, fresh, boundsFor(document, place, from, old.length, fresh)), segment, from, old.length)
  return [replacement(segment, from, old, words)]
}

/** A word that a person has found right as it is. */
export function confirmWord(document: Document, id: string, at: number): Replace[] {
  const segment = segmentOf(document, id)
  const word = segment.words[at]
  if (!word || word.probability === 1) return []
  return [replacement(segment, at, [word], [{ ...word, probability: 1 }])]
}

/** How many words at the beginning and at the end stay as they are. */
function unchanged(before: readonly Word[], texts: readonly string[]): [head: number, tail: number] {
  const most = Math.min(before.length, texts.length)
  let [head, tail] = [0, 0]
  while (head < most && before[head]?.text === texts[head]) head += 1
  while (tail < most - head && before[before.length - 1 - tail]?.text === texts[texts.length - 1 - tail]) tail += 1
  return [head, tail]
}

/** The gap in which new words may lie; before the first word they stand right in front of it. */
function boundsFor(document: Document, place: number, at: number, count: number, fresh: readonly string[]): Span {
  const words = document.segments[place]?.words ?? []
  const segment = document.segments[place]
  const low = words[at - 1]?.end ?? document.segments[place - 1]?.end ?? 0
  if (words.length === 0 && segment) return [segment.start, segment.end]
  const next = words[at + count]
  if (!next) return [low, Math.max(low, document.segments[place + 1]?.start ?? Infinity)]
  if (at > 0) return [low, Math.max(low, next.start)]
  const longest = PER_CHARACTER * fresh.reduce((sum, text) => sum + lengthOf(text), 0)
  return [Math.min(Math.max(low, next.start - longest), next.start), next.start]
}

/** Times that do not run back behind the word before, nor past the word after. */
function fitted(words: readonly Word[], segment: Segment, at: number, count: number): Word[] {
  const [previous, next] = [segment.words[at - 1], segment.words[at + count]]
  const within = (low: number, value: number, high: number): number => Math.min(Math.max(low, value), high)
  return words.map((word) => {
    const start = within(previous?.start ?? 0, word.start, next?.start ?? Infinity)
    const end = within(previous?.end ?? 0, Math.max(word.end, start), next?.end ?? Infinity)
    return start === word.start && end === word.end ? word : { ...word, start, end }
  })
}

/** With bounds that follow the first and the last word, where those change. */
function replacement(segment: Segment, at: number, before: readonly Word[], after: readonly Word[]): Replace {
  const whole = [...segment.words.slice(0, at), ...after, ...segment.words.slice(at + before.length)]
  const [first, last] = [whole[0], whole.at(-1)]
  const was: Span = [segment.start, segment.end]
  const is: Span = [
    first && first !== segment.words[0] ? first.start : segment.start,
    last && last !== segment.words.at(-1) ? last.end : segment.end,
  ]
  return { type: 'replace', segment: segment.id, at, before, after, ends: sameSpan(was, is) ? null : [was, is] }
}

/** What is between two places, over segments if need be, reads `texts` now; segments in between become one. */
export function replaceBetween(document: Document, from: Place, to: Place, texts: readonly string[]): Operation[] {
  const operations: Operation[] = []
  let current = document
  let end = to.at
  while (from.segment !== to.segment) {
    const left = segmentOf(current, from.segment)
    const next = current.segments[current.segments.indexOf(left) + 1]
    expect(next !== undefined, `${to.segment} is not behind ${from.segment}`)
    const merged = mergeWithNext(current, from.segment)
    current = applyAll(current, merged)
    operations.push(...merged)
    if (next.id === to.segment) {
      end += left.words.length
      break
    }
  }
  return [...operations, ...replaceWords(current, from.segment, from.at, end - from.at, texts)]
}

/** Words from `at` on become a segment of their own, of the same speaker unless another is given. */
export function splitAt(
  document: Document,
  id: string,
  at: number,
  newId: string = freshId(),
  speaker?: Label | null,
): Operation[] {
  const segment = segmentOf(document, id)
  const [left, right] = [segment.words[at - 1], segment.words[at]]
  const end = left?.end ?? segment.start
  const ends: Span = [right ? end : segment.end, left ? (right?.start ?? segment.end) : segment.start]
  const speaker_after = speaker === undefined ? segment.speaker : speaker
  return [{ type: 'split', segment: id, at, new_segment: newId, speaker_after, ends }]
}

/** The segment behind goes into this one; where its first word has no space before it, it gets one. [] for the last. */
export function mergeWithNext(document: Document, id: string): Operation[] {
  const place = document.segments.findIndex((one) => one.id === id)
  const [segment, next] = [document.segments[place], document.segments[place + 1]]
  if (!segment || !next) return []
  const ends: Span = [segment.end, next.start]
  const merge: Operation = { type: 'merge', segment: id, next: next.id, at: segment.words.length, next_speaker: next.speaker, ends }
  return [...spaced(segment, next), merge]
}

function spaced(segment: Segment, next: Segment): Operation[] {
  const first = next.words[0]
  const spaces = [...segment.words.slice(1), ...next.words.slice(1)].some((word) => /^\s/.test(word.text))
  if (!first || segment.words.length === 0 || !spaces || /^\s/.test(first.text)) return []
  return [replacement(next, 0, [first], [{ ...first, text: ` ${first.text}` }])]
}

/** These segments are said by `label` (null: by nobody known). [] where they all are already. */
export function reassign(document: Document, ids: readonly string[], label: Label | null): Operation[] {
  const wanted = new Set(ids)
  const others = document.segments.filter((segment) => wanted.has(segment.id) && segment.speaker !== label)
  if (others.length === 0) return []
  return [
    {
      type: 'reassign',
      segments: others.map((segment) => segment.id),
      before: others.map((segment) => segment.speaker),
      after: others.map(() => label),
    },
  ]
}

/** A selection inside one segment is said by `label`: it becomes a segment of its own. */
export function reassignWords(document: Document, id: string, from: number, to: number, label: Label | null): Operation[] {
  const segment = segmentOf(document, id)
  if (segment.speaker === label || from >= to) return []
  const after = to < segment.words.length ? splitAt(document, id, to) : []
  if (from === 0) return [...after, ...reassign(document, [id], label)]
  const middle = splitAt(applyAll(document, after), id, from, freshId(), label)
  return [...after, ...middle]
}

export function segmentsOf(document: Document, label: Label | null): string[] {
  return document.segments.filter((segment) => segment.speaker === label).map((segment) => segment.id)
}

/** Say what people call this voice; a blank name takes it back. */
export function rename(document: Document, label: Label, name: string | null): Operation[] {
  const speaker = document.speakers.find((one) => one.label === label)
  const after = name?.trim().replaceAll(/\s+/g, ' ') || null
  if (!speaker || speaker.name === after) return []
  return [{ type: 'rename', label, before: speaker.name, after }]
}

/** One more voice, the last of them; `freshLabel` gives a label. */
export function addSpeaker(document: Document, label: Label, name: string | null): Operation[] {
  return [{ type: 'add_speaker', label, name: name?.trim() || null, position: document.speakers.length }]
}

/** Forget a voice that no segment has. */
export function removeSpeaker(document: Document, label: Label): Operation[] {
  const position = document.speakers.findIndex((one) => one.label === label)
  const speaker = document.speakers[position]
  return speaker ? [{ type: 'remove_speaker', label, name: speaker.name, position }] : []
}

/** All that `from` said was said by `into`; `from` goes. */
export function mergeSpeakers(document: Document, from: Label, into: Label): Operation[] {
  if (from === into) return []
  return [...reassign(document, segmentsOf(document, from), into), ...removeSpeaker(document, from)]
}

/** These segments were said by somebody else, who is new. */
export function splitOffSpeaker(document: Document, ids: readonly string[], label: Label, name: string | null): Operation[] {
  return [...addSpeaker(document, label, name), ...reassign(document, ids, label)]
}

/** Words from `at` on get these times; the bounds follow the first and the last word. */
export function retime(document: Document, id: string, at: number, spans: readonly Span[]): Operation[] {
  const segment = segmentOf(document, id)
  const before = segment.words.slice(at, at + spans.length)
  const after = before.map((word, index): Word => {
    const [start, end] = spans[index] ?? [word.start, word.end]
    return start === word.start && end === word.end ? word : { ...word, start, end }
  })
  if (sameWords(before, after)) return []
  const { ends } = replacement(segment, at, before, after)
  const spansOf = (words: readonly Word[]): Span[] => words.map((word) => [word.start, word.end])
  return [{ type: 'retime', segment: id, at, before: spansOf(before), after: spansOf(after), ends: ends ?? null }]
}
