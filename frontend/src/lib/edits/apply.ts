import type { Document, Label, Operation, Segment, Span, Speaker, Word } from './types'

/** An operation that does not fit the document it was to be applied to. */
export class EditInvalid extends Error {
  override readonly name = 'EditInvalid'
}

export function expect(held: boolean, why: string): asserts held {
  if (!held) throw new EditInvalid(why)
}

type Ends = readonly [before: Span, after: Span]

/** A document being changed; `applyAll` gives it to one operation after another. */
class Draft {
  readonly segments: Segment[]
  readonly speakers: Speaker[]
  private places: Map<string, number> | null = null

  /** `many`: worth an index of the segments. */
  constructor(
    document: Document,
    private readonly many: boolean,
  ) {
    this.segments = [...document.segments]
    this.speakers = [...document.speakers]
  }

  place(id: string): number {
    const place = this.find(id)
    expect(place >= 0, `no segment ${id}`)
    return place
  }

  at(place: number): Segment {
    const segment = this.segments[place]
    expect(segment !== undefined, `no segment ${String(place)}`)
    return segment
  }

  find(id: string): number {
    if (!this.many) return this.segments.findIndex((segment) => segment.id === id)
    this.places ??= new Map(this.segments.map((segment, place) => [segment.id, place]))
    return this.places.get(id) ?? -1
  }

  put(place: number, count: number, segments: readonly Segment[]): void {
    if (count !== 1 || segments.length !== 1) this.places = null
    this.segments.splice(place, count, ...segments)
  }

  speaker(label: Label): [place: number, speaker: Speaker] {
    const place = this.speakers.findIndex((speaker) => speaker.label === label)
    const speaker = this.speakers[place]
    expect(speaker !== undefined, `no speaker ${label}`)
    return [place, speaker]
  }

  know(label: Label | null): void {
    if (label !== null) this.speaker(label)
  }
}

/** The document after all of them. Throws EditInvalid; what no operation touches stays the same object. */
export function applyAll(document: Document, operations: readonly Operation[]): Document {
  if (operations.length === 0) return document
  const draft = new Draft(document, operations.length > 8)
  for (const operation of operations) applyOne(draft, operation)
  return { segments: draft.segments, speakers: draft.speakers }
}

/** What takes all of them back, in the order in which to apply it. */
export function invert(operations: readonly Operation[]): Operation[] {
  return operations.map(inverse).reverse()
}

type Kinds = { [Type in Operation['type']]: Extract<Operation, { type: Type }> }
type Appliers = { [Type in keyof Kinds]: (draft: Draft, operation: Kinds[Type]) => void }
type Inverters = { [Type in keyof Kinds]: (operation: Kinds[Type]) => Operation }

function applyOne<Type extends keyof Kinds>(draft: Draft, operation: Kinds[Type] & { type: Type }): void {
  const applier: Appliers[Type] = APPLY[operation.type]
  applier(draft, operation)
}

function inverse<Type extends keyof Kinds>(operation: Kinds[Type] & { type: Type }): Operation {
  const inverter: Inverters[Type] = INVERT[operation.type]
  return inverter(operation)
}

const APPLY: Appliers = {
  replace(draft, { segment: id, at, before, after, ends }) {
    const place = draft.place(id)
    const segment = draft.at(place)
    expect(sameWords(slice(segment, at, before.length), before), `other words at ${String(at)} of ${id}`)
    draft.put(place, 1, [withWords(segment, at, before.length, after, ends)])
  },

  retime(draft, { segment: id, at, before, after, ends }) {
    const place = draft.place(id)
    const segment = draft.at(place)
    const words = slice(segment, at, before.length)
    expect(after.length === before.length, 'a time for each word')
    const timed = words.map((word, index) => {
      const [was, is] = [before[index], after[index]]
      expect(was !== undefined && is !== undefined && sameSpan([word.start, word.end], was), `other times in ${id}`)
      expect(is[0] >= 0 && is[0] <= is[1], 'a word ends before it starts')
      return { ...word, start: is[0], end: is[1] }
    })
    draft.put(place, 1, [withWords(segment, at, words.length, timed, ends)])
  },

  split(draft, { segment: id, at, new_segment, speaker_after, ends: [end, start] }) {
    const place = draft.place(id)
    const segment = draft.at(place)
    expect(at >= 0 && at <= segment.words.length, `no word ${String(at)} in ${id}`)
    expect(/^[A-Za-z0-9_-]{1,32}$/.test(new_segment), 'an id of 1 to 32 letters, digits, _ and -')
    expect(draft.find(new_segment) < 0, `two segments ${new_segment}`)
    draft.know(speaker_after)
    const left = bounded(segment, segment.start, end, segment.words.slice(0, at))
    const right = bounded(segment, start, segment.end, segment.words.slice(at))
    draft.put(place, 1, [left, { ...right, id: new_segment, speaker: speaker_after }])
  },

  merge(draft, { segment: id, next, at, next_speaker, ends }) {
    const place = draft.place(id)
    expect(draft.place(next) === place + 1, `${next} is not right behind ${id}`)
    const [left, right] = [draft.at(place), draft.at(place + 1)]
    const there = at === left.words.length && next_speaker === right.speaker && sameSpan(ends, [left.end, right.start])
    expect(there, `${id} or ${next} is different`)
    const words = [...left.words, ...right.words]
    expect(inOrder(words.slice(Math.max(at - 1, 0), at + 1)), 'times run backwards')
    draft.put(place, 2, [bounded(left, left.start, right.end, words)])
  },

  reassign(draft, { segments, before, after }) {
    expect(segments.length === before.length && before.length === after.length, 'a speaker for each segment')
    for (const label of new Set(after)) draft.know(label)
    segments.forEach((id, index) => {
      const place = draft.place(id)
      const segment = draft.at(place)
      expect(segment.speaker === before[index], `${id} has another speaker`)
      draft.put(place, 1, [{ ...segment, speaker: after[index] ?? null }])
    })
  },

  rename(draft, { label, before, after }) {
    const [place, speaker] = draft.speaker(label)
    expect(speaker.name === before, `${label} has another name`)
    draft.speakers[place] = { label, name: after }
  },

  add_speaker(draft, { label, name, position }) {
    expect(/^[A-Za-z0-9_-]{1,16}$/.test(label), 'a label of 1 to 16 letters, digits, _ and -')
    expect(
      draft.speakers.every((speaker) => speaker.label !== label),
      `two speakers ${label}`,
    )
    expect(position >= 0 && position <= draft.speakers.length, `no place ${String(position)}`)
    draft.speakers.splice(position, 0, { label, name })
  },

  remove_speaker(draft, { label, name, position }) {
    const [place, speaker] = draft.speaker(label)
    expect(place === position && speaker.name === name, `${label} is different`)
    expect(
      draft.segments.every((segment) => segment.speaker !== label),
      `${label} speaks`,
    )
    draft.speakers.splice(place, 1)
  },
}

const INVERT: Inverters = {
  replace: ({ before, after, ends, ...rest }) => ({ ...rest, before: after, after: before, ends: swapped(ends) }),
  retime: ({ before, after, ends, ...rest }) => ({ ...rest, before: after, after: before, ends: swapped(ends) }),
  split: ({ segment, at, new_segment, speaker_after, ends }) => ({
    type: 'merge',
    segment,
    next: new_segment,
    at,
    next_speaker: speaker_after,
    ends,
  }),
  merge: ({ segment, at, next, next_speaker, ends }) => ({
    type: 'split',
    segment,
    at,
    new_segment: next,
    speaker_after: next_speaker,
    ends,
  }),
  reassign: ({ segments, before, after }) => ({
    type: 'reassign',
    segments: [...segments].reverse(),
    before: [...after].reverse(),
    after: [...before].reverse(),
  }),
  rename: ({ label, before, after }) => ({ type: 'rename', label, before: after, after: before }),
  add_speaker: (operation) => ({ ...operation, type: 'remove_speaker' }),
  remove_speaker: (operation) => ({ ...operation, type: 'add_speaker' }),
}

function swapped(ends: Ends | null | undefined): Ends | null {
  return ends ? [ends[1], ends[0]] : null
}

function slice(segment: Segment, at: number, count: number): readonly Word[] {
  expect(at >= 0 && at + count <= segment.words.length, `no words ${String(at)} to ${String(at + count)} in ${segment.id}`)
  return segment.words.slice(at, at + count)
}

export function sameWord(left: Word, right: Word): boolean {
  return (
    left === right ||
    (left.text === right.text &&
      left.start === right.start &&
      left.end === right.end &&
      left.probability === right.probability)
  )
}

export function sameWords(left: readonly Word[], right: readonly Word[]): boolean {
  return (
    left === right ||
    (left.length === right.length &&
      left.every((word, index) => {
        const other = right[index]
        return other !== undefined && sameWord(word, other)
      }))
  )
}

export function sameSpan(left: Span, right: Span): boolean {
  return left[0] === right[0] && left[1] === right[1]
}

/** Neither starts nor ends run backwards. */
export function inOrder(words: readonly Word[]): boolean {
  return words.every((word, index) => {
    const before = words[index - 1]
    return word.start >= 0 && word.start <= word.end && (!before || (before.start <= word.start && before.end <= word.end))
  })
}

function withWords(
  segment: Segment,
  at: number,
  count: number,
  words: readonly Word[],
  ends: Ends | null | undefined,
): Segment {
  const whole = [...segment.words.slice(0, at), ...words, ...segment.words.slice(at + count)]
  expect(inOrder(whole.slice(Math.max(at - 1, 0), at + words.length + 1)), 'times run backwards')
  if (ends) expect(sameSpan(ends[0], [segment.start, segment.end]), `other bounds of ${segment.id}`)
  const [start, end] = ends ? ends[1] : [segment.start, segment.end]
  return bounded(segment, start, end, whole)
}

function bounded(segment: Segment, start: number, end: number, words: readonly Word[]): Segment {
  expect(start >= 0 && start <= end, 'a segment ends before it starts')
  const made = { ...segment, start, end, words }
  expect(holds(made), `words outside ${segment.id}`)
  return made
}

function holds({ start, end, words }: Segment): boolean {
  const [first, last] = [words[0], words.at(-1)]
  return !first || !last || (start <= first.start && last.end <= end)
}

/** What the service sends as a transcript. */
interface Transcript {
  readonly segments: readonly Segment[]
  readonly speakers: readonly Speaker[]
}

/** The document of a transcript; times that run backwards within a segment are held at the latest so far. */
export function documentOf({ segments, speakers }: Transcript): Document {
  return {
    segments: segments.map(({ id, speaker, start, end, words }) => settled({ id, speaker, start, end, words })),
    speakers: speakers.map(({ label, name }) => ({ label, name })),
  }
}

function settled(segment: Segment): Segment {
  if (holds(segment) && inOrder(segment.words)) return segment
  const words = settledWords(segment.words)
  const [first, last] = [words[0], words.at(-1)]
  const start = Math.min(segment.start, first?.start ?? segment.start)
  return { ...segment, words, start, end: Math.max(segment.end, last?.end ?? segment.end) }
}

/** No start and no end before the one of the word before it; words that are in order stay the same objects. */
export function settledWords(words: readonly Word[]): Word[] {
  let [start, end] = [0, 0]
  return words.map((word) => {
    start = Math.max(start, word.start)
    end = Math.max(end, word.end, start)
    return word.start === start && word.end === end ? word : { ...word, start, end }
  })
}
