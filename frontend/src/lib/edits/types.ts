/** The operations of editing, as they cross the network. `stenogram/speech/edits.py` is their twin. */

/** One word; `text` carries its own leading space, so that words joined are the text. Seconds from the start. */
export interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
  /** 0 to 1; what a person has typed has 1. */
  readonly probability: number
}

export type Label = string

/** Words of one speaker in one breath. The bounds hold its words; a segment without words keeps its bounds. */
export interface Segment {
  readonly id: string
  readonly speaker: Label | null
  readonly start: number
  readonly end: number
  readonly words: readonly Word[]
}

export interface Speaker {
  readonly label: Label
  readonly name: string | null
}

/** Never changed in place: what an edit does not touch is the same object in the document after it. */
export interface Document {
  readonly segments: readonly Segment[]
  readonly speakers: readonly Speaker[]
}

export type Span = readonly [start: number, end: number]

/**
 * Words `at .. at + before.length` become `after`. `ends` are the segment's bounds before and after; without them the
 * bounds stay, and have to hold the words. `replaceWords` of `build.ts` fills everything in.
 */
export interface Replace {
  readonly type: 'replace'
  readonly segment: string
  readonly at: number
  readonly before: readonly Word[]
  readonly after: readonly Word[]
  readonly ends?: readonly [before: Span, after: Span] | null
}

/** Words `at .. at + before.length` get other times. `ends` as in `Replace`. */
export interface Retime {
  readonly type: 'retime'
  readonly segment: string
  readonly at: number
  readonly before: readonly Span[]
  readonly after: readonly Span[]
  readonly ends?: readonly [before: Span, after: Span] | null
}

/**
 * Words from `at` on become `new_segment`, right behind. `ends` are the end of the one and the start of the other, as a
 * rule those of the words there. An id is 1 to 32 of `A-Z a-z 0-9 _ -`.
 */
export interface Split {
  readonly type: 'split'
  readonly segment: string
  readonly at: number
  readonly new_segment: string
  readonly speaker_after: Label | null
  readonly ends: Span
}

/** `next`, the one right behind, goes into `segment`, which has `at` words; `ends` are its end and the start of `next`. */
export interface Merge {
  readonly type: 'merge'
  readonly segment: string
  readonly next: string
  readonly at: number
  readonly next_speaker: Label | null
  readonly ends: Span
}

/** `segments[i]` goes from `before[i]` to `after[i]`: three lists of one length. */
export interface Reassign {
  readonly type: 'reassign'
  readonly segments: readonly string[]
  readonly before: readonly (Label | null)[]
  readonly after: readonly (Label | null)[]
}

export interface Rename {
  readonly type: 'rename'
  readonly label: Label
  readonly before: string | null
  readonly after: string | null
}

/** `position` counts in `Document.speakers`. A label is 1 to 16 of `A-Z a-z 0-9 _ -`. */
export interface AddSpeaker {
  readonly type: 'add_speaker'
  readonly label: Label
  readonly name: string | null
  readonly position: number
}

/** Only when no segment has the speaker. */
export interface RemoveSpeaker {
  readonly type: 'remove_speaker'
  readonly label: Label
  readonly name: string | null
  readonly position: number
}

export type Operation = Replace | Retime | Split | Merge | Reassign | Rename | AddSpeaker | RemoveSpeaker

/** Applied whole or not at all; one `id` (a UUID) is applied once. */
export interface Change {
  readonly id: string
  readonly operations: readonly Operation[]
}

/** A change that the service has taken in, as it was applied: rebased onto what was there before it. */
export interface Applied {
  readonly version: number
  readonly change_id: string
  readonly operations: readonly Operation[]
  readonly author: { readonly id: string; readonly name: string } | null
  /** ISO 8601 */
  readonly at: string
  /** Made by the account that asks, be it in this tab or in another one; `change_id` tells this tab's. */
  readonly mine: boolean
}

/** What the service answers to changes, and to the question for newer ones. */
export interface Answer {
  /** Of the transcript as it is now. */
  readonly version: number
  /** Every change after the version asked from, in order. */
  readonly applied: readonly Applied[]
}
