import type { Document, Segment, Word } from '@/lib/edits'
import type { EditorSelection } from './editor'
import { layoutOf } from './text'

/** A part of a recording: seconds, the segments that it touches, what is said in it. */
export interface SpokenPart {
  readonly from: number
  readonly to: number
  readonly segmentIds: readonly string[]
  readonly text: string
}

/** The words that lie in the selection, some of them not whole, and their times; null when there is none. */
export function partOfSelection(document: Document, selection: EditorSelection): SpokenPart | null {
  if (selection.text.trim() === '') return null
  const wanted = new Set(selection.segmentIds)
  const segments = document.segments.filter((segment) => wanted.has(segment.id))
  const words = segments.flatMap((segment, at) => {
    const { starts, ends } = layoutOf(segment.words)
    const from = at === 0 ? selection.from : 0
    const to = at === segments.length - 1 ? selection.to : Infinity
    return segment.words.filter((_, place) => (ends[place] ?? 0) > from && (starts[place] ?? 0) < to)
  })
  if (words.length === 0) return null
  return { from: earliest(words), to: latest(words), segmentIds: selection.segmentIds, text: selection.text }
}

/** What is said from one second to another: words whose middle lies inside. The bounds stay as they are. */
export function partOfTime(document: Document, from: number, to: number): SpokenPart {
  const inside = (word: Word) => (word.start + word.end) / 2 >= from && (word.start + word.end) / 2 < to
  const touched = document.segments
    .filter((segment) => segment.start < to && segment.end > from)
    .map((segment): Segment => ({ ...segment, words: segment.words.filter(inside) }))
    .filter((segment) => segment.words.length > 0)
  return { from, to, segmentIds: touched.map((segment) => segment.id), text: touched.map((segment) => layoutOf(segment.words).text).join('\n') }
}

function earliest(words: readonly Word[]): number {
  return words.reduce((least, word) => Math.min(least, word.start), Infinity)
}

function latest(words: readonly Word[]): number {
  return words.reduce((most, word) => Math.max(most, word.end), 0)
}
