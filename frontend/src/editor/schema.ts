import { Schema, type Node } from 'prosemirror-model'
import type { Document, Segment } from '@/lib/edits'
import { layoutOf } from './text'

/** Segments in a group: what is off the screen is left out of layout group by group. */
const GROUP = 20
/** Estimates for what is not laid out yet: characters in a line; pixels of a line and between segments. */
const [LINE, LINE_HEIGHT, GAP] = [66, 30, 4]

/**
 * What ProseMirror holds: a node per segment with plain text inside. Words and their times live in the `Document` next to
 * it, so that a keystroke touches one text node and no more. Groups mean nothing: they keep layout cheap.
 */
export const schema = new Schema({
  nodes: {
    doc: { content: 'group+' },
    group: { content: 'segment+', toDOM: (node) => ['div', { class: 'group', style: `contain-intrinsic-block-size: auto ${String(heightOf(node))}px` }, 0] },
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
  return schema.nodes.doc.create(null, groupsOf(nodes.length > 0 ? nodes : [segmentType.create()]))
}

export function groupsOf(segments: readonly Node[]): Node[] {
  const groups: Node[] = []
  for (let at = 0; at < segments.length; at += GROUP) groups.push(schema.nodes.group.create(null, segments.slice(at, at + GROUP)))
  return groups
}

function heightOf(group: Node): number {
  return group.content.content.reduce((sum, { content }) => sum + GAP + Math.ceil((content.size + 1) / LINE) * LINE_HEIGHT, 0)
}

/** The nodes of all segments, in order. */
export function segmentNodes(doc: Node): readonly Node[] {
  const known = flattened.get(doc)
  if (known) return known
  const nodes: Node[] = []
  for (const group of doc.content.content) nodes.push(...group.content.content)
  flattened.set(doc, nodes)
  return nodes
}

const flattened = new WeakMap<Node, readonly Node[]>()

/** Number of the group, and in it, of segment `index`. */
export function placeOf(doc: Node, index: number): readonly [group: number, inside: number] {
  let rest = index
  for (let group = 0; group < doc.childCount; group += 1) {
    const { childCount } = doc.child(group)
    if (rest < childCount) return [group, rest]
    rest -= childCount
  }
  return [doc.childCount, rest]
}

/** How many segments there are before group `group`. */
export function segmentsBefore(doc: Node, group: number): number {
  let sum = 0
  for (let at = 0; at < group; at += 1) sum += doc.maybeChild(at)?.childCount ?? 0
  return sum
}

export function segmentNode(doc: Node, index: number): Node | null {
  const [group, inside] = placeOf(doc, index)
  return doc.maybeChild(group)?.maybeChild(inside) ?? null
}

/** Where segment `index` begins. */
export function positionOf(doc: Node, index: number): number {
  const [group, inside] = placeOf(doc, index)
  const before = doc.maybeChild(group)?.content.content.slice(0, inside) ?? []
  return sizeOf(doc.content.content.slice(0, group)) + 1 + sizeOf(before)
}

export function sizeOf(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + node.nodeSize, 0)
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
