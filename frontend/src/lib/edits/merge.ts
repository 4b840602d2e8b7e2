import { align, hunks } from './align'
import { applyAll, sameWord, sameWords, settledWords } from './apply'
import { diff, placed, regions, sameSegments } from './diff'
import { freedLabels } from './labels'
import { share } from './respan'
import type { Change, Document, Label, Operation, Segment, Speaker, Word } from './types'

/**
 * What both have made of `base`: a three-way merge by words, so that it does not matter how either side came to what it
 * has. No word is dropped: what both have typed in one place is kept, theirs first; what both have typed alike counts
 * once; an edit beats a deletion. Of speakers, names and times, which can have but one value, mine holds where I have
 * changed it.
 */
export function merge(base: Document, mine: Document, theirs: Document): Document {
  if (mine === base || mine === theirs) return theirs
  if (theirs === base) return mine
  const segments: Segment[] = []
  for (const [before = [], my = [], their = []] of regions(base.segments, mine.segments, theirs.segments)) {
    segments.push(...mergeRegion(before, my, their))
  }
  const used = new Set(segments.map((segment) => segment.speaker))
  return { segments, speakers: mergeSpeakers(base.speakers, mine.speakers, theirs.speakers, used) }
}

/**
 * `changes`, made one after another on `base`, as they are on `onto`, and the document that they then give.
 * Throws EditInvalid where they do not fit `base`.
 */
export function rebase(changes: readonly Change[], base: Document, onto: Document): [changes: Change[], document: Document] {
  if (base === onto) return [[...changes], changes.reduce((document, change) => applyAll(document, change.operations), base)]
  const free = freedLabels(changes)
  let [mine, result] = [base, onto]
  const done = changes.map(({ id, operations }) => {
    const after = applyAll(mine, free(operations, result))
    const merged = merge(mine, after, result)
    const change = { id, operations: diff(result, merged) }
    mine = after
    result = merged
    return change
  })
  return [done, result]
}

/**
 * Undo of one change, which led from `before` to `after`: what takes it back from `current`, whatever has happened since.
 * Redo is the same with the first two exchanged.
 */
export function takeBack(before: Document, after: Document, current: Document): Operation[] {
  return diff(current, merge(after, before, current))
}

// --- segments and words ---

/** A stretch of segments as one text: `segments[owners[i]]` holds `words[i]`; each starts at `starts`. */
interface Side {
  readonly segments: readonly Segment[]
  readonly words: readonly Word[]
  readonly owners: readonly number[]
  readonly starts: readonly number[]
  /** Number of the word that a word of the base is here, -1 for none. */
  readonly pairs: Int32Array
  /** By the word of the base before which it was typed: which words, and whether instead of words of the base. */
  readonly inserted: ReadonlyMap<number, readonly [numbers: readonly number[], instead: boolean]>
}

/** A word of the merged text and its numbers in the base, mine and theirs (null: not there). */
interface Item {
  readonly word: Word
  readonly base: number | null
  readonly mine: number | null
  readonly theirs: number | null
}

function sideOf(segments: readonly Segment[], base: readonly string[]): Side {
  const words = segments.flatMap((segment) => segment.words)
  const owners = segments.flatMap((segment, place) => segment.words.map(() => place))
  let start = 0
  const starts = segments.map((segment) => (start += segment.words.length) - segment.words.length)
  const pairs = align(
    base,
    words.map((word) => word.text),
  )
  const inserted = new Map<number, readonly [number[], boolean]>()
  for (const { from, to, fromRight, toRight } of hunks(pairs, base.length, words.length)) {
    if (toRight > fromRight) inserted.set(from, [range(fromRight, toRight), to > from])
  }
  return { segments, words, owners, starts, pairs, inserted }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

function mergeRegion(
  before: readonly Segment[],
  mine: readonly Segment[],
  theirs: readonly Segment[],
): readonly Segment[] {
  if (sameSegments(mine, before)) return theirs
  if (sameSegments(theirs, before)) return mine
  if (sameSegments(theirs, mine)) return theirs
  const texts = before.flatMap((segment) => segment.words.map((word) => word.text))
  const [base, my, their] = [sideOf(before, texts), sideOf(mine, texts), sideOf(theirs, texts)]
  const items = mergeWords(base, my, their)
  const words = settledWords(items.map((item) => item.word))
  return cutUp(base, my, their, items, words)
}

function mergeWords(base: Side, mine: Side, theirs: Side): Item[] {
  const items: Item[] = []
  for (let number = 0; number <= base.words.length; number += 1) {
    items.push(...typed(mine, theirs, number))
    const [my, their] = [mine.pairs[number] ?? -1, theirs.pairs[number] ?? -1]
    const [was, myWord, theirWord] = [base.words[number], mine.words[my], theirs.words[their]]
    if (was && myWord && theirWord) items.push({ word: kept(was, myWord, theirWord), base: number, mine: my, theirs: their })
  }
  return items
}

function kept(base: Word, mine: Word, theirs: Word): Word {
  const { start, end } = mine.start !== base.start || mine.end !== base.end ? mine : theirs
  const probability = mine.probability !== base.probability ? mine.probability : theirs.probability
  const merged = { text: theirs.text, start, end, probability }
  return sameWord(merged, theirs) ? theirs : merged
}

/** What was typed before this word of the base. */
function typed(mine: Side, theirs: Side, number: number): Item[] {
  const [my, iReplaced] = mine.inserted.get(number) ?? [[], false]
  const [their, theyReplaced] = theirs.inserted.get(number) ?? [[], false]
  const myItem = (at: number): Item[] => item(mine.words[at], at, null)
  const theirItem = (at: number): Item[] => item(theirs.words[at], null, at)
  if (my.length === 0 || their.length === 0) return [...my.flatMap(myItem), ...their.flatMap(theirItem)]
  const items = united(mine, theirs, my, their, theyReplaced && !iReplaced)
  if (items.length === my.length && items.length === their.length) return items
  const spans = share(
    items.map(({ word }) => word.text),
    Math.min(...items.map(({ word }) => word.start)),
    Math.max(...items.map(({ word }) => word.end)),
  )
  return items.map((one, index) => {
    const [start, end] = spans[index] ?? [one.word.start, one.word.end]
    return { ...one, word: { ...one.word, start, end } }
  })
}

function item(word: Word | undefined, mine: number | null, theirs: number | null): Item[] {
  return word ? [{ word, base: null, mine, theirs }] : []
}

/** Both runs, with what is the same in both once. */
function united(mine: Side, theirs: Side, my: readonly number[], their: readonly number[], mineFirst: boolean): Item[] {
  const pairs = align(textsOf(theirs, their), textsOf(mine, my))
  const items: Item[] = []
  let [at, myAt] = [0, 0]
  for (let number = 0; number <= their.length; number += 1) {
    const pair = number < their.length ? (pairs[number] ?? -1) : my.length
    if (pair < 0) continue
    const theirRun = their.slice(at, number).flatMap((one) => item(theirs.words[one], null, one))
    const myRun = my.slice(myAt, pair).flatMap((one) => item(mine.words[one], one, null))
    items.push(...(mineFirst ? [...myRun, ...theirRun] : [...theirRun, ...myRun]))
    const shared = their[number]
    if (shared !== undefined) items.push(...item(theirs.words[shared], my[pair] ?? null, shared))
    at = number + 1
    myAt = pair + 1
  }
  return items
}

function textsOf(side: Side, numbers: readonly number[]): string[] {
  return numbers.map((number) => side.words[number]?.text ?? '')
}

/** The merged text cut into segments where either side has cut it. */
function cutUp(base: Side, mine: Side, theirs: Side, items: readonly Item[], words: readonly Word[]): Segment[] {
  const cuts = cutsOf(mine, theirs, items)
  const places = [...cuts.keys()].sort((left, right) => left - right)
  return places.flatMap((place, index) => {
    const cut = cuts.get(place)
    if (!cut) return []
    const first = place > 0 ? (items[place] ?? null) : null
    const speaker = first ? spokenBy(base, mine, theirs, first) : anchoredTo(base, mine, theirs)
    return [segmentFrom(cut, words.slice(place, places[index + 1] ?? items.length), mine, theirs, speaker)]
  })
}

/** Which segment begins at which merged word. */
function cutsOf(mine: Side, theirs: Side, items: readonly Item[]): Map<number, Segment> {
  const cuts = new Map<number, Segment>()
  const ids = new Set<string>()
  const add = (place: number, segment: Segment | undefined): void => {
    if (!segment || cuts.has(place) || ids.has(segment.id)) return
    cuts.set(place, segment)
    ids.add(segment.id)
  }
  add(0, theirs.segments[0])
  for (const [side, which] of [[theirs, 'theirs'] as const, [mine, 'mine'] as const]) {
    side.segments.slice(1).forEach((segment, index) => {
      const start = side.starts[index + 1] ?? 0
      const place = items.findIndex((one) => (one[which] ?? -1) >= start)
      if (place >= 0) add(place, segment)
    })
  }
  return cuts
}

/** A speaker in a box: undefined is "the word is not there", `[null]` is "nobody known says it". */
type Boxed = readonly [Label | null] | undefined

function anchoredTo(base: Side, mine: Side, theirs: Side): Label | null {
  const box = (side: Side): Boxed => [side.segments[0]?.speaker ?? null]
  return chosen(box(base), box(mine), box(theirs))
}

function spokenBy(base: Side, mine: Side, theirs: Side, first: Item): Label | null {
  const box = (side: Side, number: number | null): Boxed =>
    number === null ? undefined : [side.segments[side.owners[number] ?? 0]?.speaker ?? null]
  return chosen(box(base, first.base), box(mine, first.mine), box(theirs, first.theirs))
}

function chosen(was: Boxed, mine: Boxed, theirs: Boxed): Label | null {
  const untouched = mine && was && mine[0] === was[0]
  const held = !mine || (theirs && untouched) ? theirs : mine
  return held ? held[0] : null
}

/** With the bounds that either side gave to just these words, else with those of the words. */
function segmentFrom(cut: Segment, words: readonly Word[], mine: Side, theirs: Side, speaker: Label | null): Segment {
  const given = [...theirs.segments, ...mine.segments].find(
    (segment) => segment.id === cut.id && sameWords(segment.words, words),
  )
  if (given) return given.speaker === speaker ? given : { ...given, speaker }
  const [first, last] = [words[0], words.at(-1)]
  return { id: cut.id, speaker, start: first?.start ?? cut.start, end: last?.end ?? cut.end, words }
}

// --- speakers ---

function mergeSpeakers(
  base: readonly Speaker[],
  mine: readonly Speaker[],
  theirs: readonly Speaker[],
  used: ReadonlySet<Label | null>,
): readonly Speaker[] {
  const [was, my] = [byLabel(base), byLabel(mine)]
  const merged = theirs.flatMap((speaker) => {
    const [before, now] = [was.get(speaker.label), my.get(speaker.label)]
    if (now && (!before || now.name !== before.name)) return [now]
    return now || !before || used.has(speaker.label) ? [speaker] : []
  })
  const added = new Set([...my.keys()].filter((label) => !was.has(label)))
  insertNeeded(merged, mine, added)
  insertNeeded(merged, base, used)
  insertNeeded(merged, mine, used)
  return merged
}

function insertNeeded(merged: Speaker[], wanted: readonly Speaker[], needed: ReadonlySet<Label | null>): void {
  const known = byLabel(merged)
  const follow = wanted.filter((speaker) => known.has(speaker.label) || needed.has(speaker.label))
  for (const [place, speaker] of placed(merged, follow)) merged.splice(place, 0, speaker)
}

function byLabel(speakers: readonly Speaker[]): Map<Label, Speaker> {
  return new Map(speakers.map((speaker) => [speaker.label, speaker]))
}

