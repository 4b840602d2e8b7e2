import { sameWord, sameWords } from './apply'
import type { Document, Label, Merge, Operation, Replace, Segment, Span, Speaker, Split, Word } from './types'

/** The operations that lead from one document to another that has the same origin; [] where they are equal. */
export function diff(start: Document, goal: Document): Operation[] {
  const operations: Operation[] = placed(start.speakers, goal.speakers).map(([position, { label, name }]) => ({
    type: 'add_speaker',
    label,
    name,
    position,
  }))
  const reassigned: [id: string, before: Label | null, after: Label | null][] = []
  for (const [there = [], wanted = []] of regions(start.segments, goal.segments)) {
    if (sameSegments(there, wanted)) continue
    operations.push(...regionDiff(there, wanted))
    const [was, is] = [there[0], wanted[0]]
    if (was && is && was.speaker !== is.speaker) reassigned.push([is.id, was.speaker, is.speaker])
  }
  if (reassigned.length > 0) {
    operations.push({
      type: 'reassign',
      segments: reassigned.map(([id]) => id),
      before: reassigned.map(([, before]) => before),
      after: reassigned.map(([, , after]) => after),
    })
  }
  return [...operations, ...renamed(start.speakers, goal.speakers), ...removed(start.speakers, goal.speakers)]
}

/** The segments of each from one that all have up to the next; all begin with the same segment. */
export function regions(...documents: (readonly Segment[])[]): (readonly Segment[])[][] {
  const [first = [], ...others] = documents
  const places = others.map((segments) => new Map(segments.map((segment, place) => [segment.id, place])))
  const found: (readonly Segment[])[][] = []
  let last = documents.map(() => -1)
  const close = (stop: readonly number[]): void => {
    found.push(documents.map((segments, index) => segments.slice(last[index], stop[index])))
  }
  first.forEach((segment, number) => {
    const here = [number, ...places.map((place) => place.get(segment.id) ?? -1)]
    if (here.some((place, index) => place <= (last[index] ?? -1))) return
    if (number > 0) close(here)
    last = here
  })
  if (first.length > 0) close(documents.map((segments) => segments.length))
  return found
}

export function sameSegments(left: readonly Segment[], right: readonly Segment[]): boolean {
  return (
    left.length === right.length &&
    left.every((segment, index) => {
      const other = right[index]
      return other !== undefined && sameSegment(segment, other)
    })
  )
}

function sameSegment(left: Segment, right: Segment): boolean {
  return (
    left === right ||
    (left.id === right.id &&
      left.speaker === right.speaker &&
      left.start === right.start &&
      left.end === right.end &&
      sameWords(left.words, right.words))
  )
}

/** The segments with times that do not run back from one to the next either; as a rule they are the same objects. */
export function inLine(segments: readonly Segment[]): Segment[] {
  let start = segments[0]?.start ?? 0
  let end = start
  return segments.map((segment) => {
    const words = segment.words.map((word) => {
      start = Math.max(start, word.start)
      end = Math.max(end, word.end, start)
      return word.start === start && word.end === end ? word : { ...word, start, end }
    })
    const low = Math.min(segment.start, words[0]?.start ?? segment.start)
    const high = Math.max(segment.end, end)
    if (low === segment.start && high === segment.end && sameWords(words, segment.words)) return segment
    return { ...segment, words, start: low, end: high }
  })
}

/** All into the first, its words replaced, and cut up again: what is the same in both stays untouched. */
function regionDiff(there: readonly Segment[], wanted: readonly Segment[]): Operation[] {
  const single = there.length === 1 && wanted.length === 1
  const [begun, ended] = single ? [there, wanted] : [inLine(there), inLine(wanted)]
  return [
    ...each(there, begun),
    ...merged(begun),
    ...replaced(whole(begun), whole(ended)),
    ...cut(ended),
    ...each(ended, wanted),
  ]
}

function each(before: readonly Segment[], after: readonly Segment[]): Replace[] {
  return before.flatMap((segment, index) => replaced(segment, after[index] ?? segment))
}

function whole(segments: readonly Segment[]): Segment {
  const [first, last] = [segments[0], segments.at(-1)]
  if (!first || !last) throw new RangeError('no segments')
  return segments.length === 1 ? first : { ...first, end: last.end, words: segments.flatMap((segment) => segment.words) }
}

function merged(segments: readonly Segment[]): Merge[] {
  let at = 0
  return segments.slice(1).map((right, index) => {
    const left = segments[index] ?? right
    at += left.words.length
    const ends: Span = [left.end, right.start]
    return { type: 'merge', segment: segments[0]?.id ?? '', next: right.id, at, next_speaker: right.speaker, ends }
  })
}

function cut(segments: readonly Segment[]): Split[] {
  let at = 0
  const splits = segments.slice(1).map((right, index): Split => {
    const left = segments[index] ?? right
    at += left.words.length
    const ends: Span = [left.end, right.start]
    return { type: 'split', segment: segments[0]?.id ?? '', at, new_segment: right.id, speaker_after: right.speaker, ends }
  })
  return splits.reverse()
}

/** What differs in words and bounds, as one operation or none. */
function replaced(before: Segment, after: Segment): Replace[] {
  const was: Span = [before.start, before.end]
  const bounds: Span = [after.start, after.end]
  const moved = was[0] !== bounds[0] || was[1] !== bounds[1]
  const [head, tail] = commonEnds(before.words, after.words)
  const old = before.words.slice(head, before.words.length - tail)
  const fresh = after.words.slice(head, after.words.length - tail)
  if (!moved && old.length === 0 && fresh.length === 0) return []
  return [{ type: 'replace', segment: before.id, at: head, before: old, after: fresh, ends: moved ? [was, bounds] : null }]
}

function commonEnds(before: readonly Word[], after: readonly Word[]): [head: number, tail: number] {
  const most = Math.min(before.length, after.length)
  const same = (left: number, right: number): boolean => {
    const [one, other] = [before[left], after[right]]
    return one !== undefined && other !== undefined && sameWord(one, other)
  }
  let [head, tail] = [0, 0]
  while (head < most && same(head, head)) head += 1
  while (tail < most - head && same(before.length - 1 - tail, after.length - 1 - tail)) tail += 1
  return [head, tail]
}

/** The speakers that are only in `wanted` and where to insert them, one after another: behind whom they follow. */
export function placed(there: readonly Speaker[], wanted: readonly Speaker[]): [place: number, speaker: Speaker][] {
  const labels = there.map((speaker) => speaker.label)
  const found: [number, Speaker][] = []
  let place = 0
  for (const speaker of wanted) {
    const known = labels.indexOf(speaker.label)
    if (known < 0) {
      labels.splice(place, 0, speaker.label)
      found.push([place, speaker])
    }
    place = (known < 0 ? place : known) + 1
  }
  return found
}

function renamed(there: readonly Speaker[], wanted: readonly Speaker[]): Operation[] {
  const known = new Map(there.map((speaker) => [speaker.label, speaker]))
  return wanted.flatMap(({ label, name }): Operation[] => {
    const was = known.get(label)
    return was && was.name !== name ? [{ type: 'rename', label, before: was.name, after: name }] : []
  })
}

function removed(there: readonly Speaker[], wanted: readonly Speaker[]): Operation[] {
  const kept = new Set(wanted.map((speaker) => speaker.label))
  const current = [...there]
  for (const [place, speaker] of placed(there, wanted)) current.splice(place, 0, speaker)
  const gone = current.map(({ label, name }, position): Operation => ({ type: 'remove_speaker', label, name, position }))
  return gone.filter((operation) => operation.type === 'remove_speaker' && !kept.has(operation.label)).reverse()
}
