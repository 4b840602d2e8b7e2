import { Schema, type Node } from 'prosemirror-model'
import type { Document, Segment } from '@/lib/edits'
import { layoutOf } from './text'

/**
 * What ProseMirror holds: a node per segment with plain text inside. Words and their times live in the `Document` next to
 * it, so that a keystroke touches one text node and no more.
 */
export const schema = new Schema({
  nodes: {
    doc: { content: 'segment+' },
    segment: {
      content: 'text*',
      marks: '',
      defining: true,
      attrs: { id: { default: null }, speaker: { default: null }, start: { default: 0 } },
      parseDOM: [{ tag: 'p' }, { tag: 'div' }, { tag: 'li' }, { tag: 'h1' }, { tag: 'h2' }, { tag: 'h3' }],
      toDOM: () => ['p', 0],
    },
    text: {},
  },
})

const segmentType = schema.nodes.segment

export interface SegmentAttrs {
  readonly id: string | null
  readonly speaker: string | null
  readonly start: number
}

export function attrsOf(node: Node): SegmentAttrs {
  return node.attrs as SegmentAttrs
}

export function nodeOf(segment: Segment): Node {
  const { text } = layoutOf(segment.words)
  return segmentType.create({ id: segment.id, speaker: segment.speaker, start: segment.start }, text ? schema.text(text) : null)
}

/** A document without segments shows as one empty paragraph that belongs to nothing. */
export function docOf(document: Document): Node {
  const nodes = document.segments.map(nodeOf)
  return schema.nodes.doc.create(null, nodes.length > 0 ? nodes : [segmentType.create()])
}

/** Children that two documents do not share: `[from, toBefore)` of the one became `[from, toAfter)` of the other. */
export interface Window {
  readonly from: number
  readonly toBefore: number
  readonly toAfter: number
}

/** Compares by identity: unchanged nodes are shared. Null when nothing differs. */
export function changedWindow<T>(before: ArrayLike<T>, after: ArrayLike<T>): Window | null {
  const shorter = Math.min(before.length, after.length)
  let from = 0
  while (from < shorter && before[from] === after[from]) from += 1
  if (from === before.length && from === after.length) return null
  let tail = 0
  while (tail < shorter - from && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1
  return { from, toBefore: before.length - tail, toAfter: after.length - tail }
}
