import type { Node } from 'prosemirror-model'
import type { EditorState, Transaction } from 'prosemirror-state'
import { freshId, type Document, type Segment } from '@/lib/edits'
import { attrsOf, changedWindow, docOf, groupsOf, nodeOf, placeOf, positionOf, schema, segmentNodes, sizeOf, type Window } from './schema'
import { collapse, layoutOf } from './text'

/** Marks transactions that bring the screen to the document: they are no edits. */
export const SYNC = 'sync'
/** Above this many changed segments one step replaces them all: many small ones would each copy the document. */
const FEW = 24

/** Shows `next` where `state` shows `shown`, touching only what differs, so that the caret stays where it is. */
export function patch(state: EditorState, shown: Document, next: Document): Transaction {
  const tr = state.tr.setMeta(SYNC, true).setMeta('addToHistory', false)
  const nodes = segmentNodes(state.doc)
  const window = changedWindow(shown.segments, next.segments)
  if (shown.segments.length === 0 || next.segments.length === 0 || nodes.length !== shown.segments.length) return rewrite(tr, next)
  if (!window) return tr
  const segments = next.segments.slice(window.from, window.toAfter)
  if (window.toBefore - window.from !== segments.length || segments.length > FEW) return regroup(tr, nodes, window, segments)
  for (let at = segments.length - 1; at >= 0; at -= 1) {
    const [node, segment] = [nodes[window.from + at], segments[at]]
    if (node && segment) patchNode(tr, positionOf(state.doc, window.from + at), node, segment)
  }
  return tr
}

/** Rebuilds the groups that the window touches. */
function regroup(tr: Transaction, nodes: readonly Node[], window: Window, segments: readonly Segment[]): Transaction {
  const { doc } = tr
  const [first, before] = placeOf(doc, window.from < nodes.length ? window.from : nodes.length - 1)
  const [last] = placeOf(doc, Math.max(window.from, window.toBefore - 1, 0) < nodes.length ? Math.max(window.from, window.toBefore - 1) : nodes.length - 1)
  const begin = window.from < nodes.length ? window.from - before : nodes.length - 1 - before
  const end = begin + doc.content.content.slice(first, last + 1).reduce((sum, group) => sum + group.childCount, 0)
  const fresh = [...nodes.slice(begin, window.from), ...merged(nodes.slice(window.from, window.toBefore), segments), ...nodes.slice(window.toBefore, end)]
  const from = sizeOf(doc.content.content.slice(0, first))
  const to = from + sizeOf(doc.content.content.slice(first, last + 1))
  return fresh.length > 0 ? tr.replaceWith(from, to, groupsOf(fresh)) : tr.delete(from, to)
}

function rewrite(tr: Transaction, next: Document): Transaction {
  return tr.replaceWith(0, tr.doc.content.size, docOf(next).content)
}

/** Nodes for `segments`, the ones that show them already kept. */
function merged(nodes: readonly Node[], segments: readonly Segment[]): Node[] {
  const known = new Map(nodes.map((node) => [attrsOf(node).id, node]))
  return segments.map((segment) => {
    const node = known.get(segment.id)
    return node && shows(node, segment) ? node : nodeOf(segment)
  })
}

function shows(node: Node, segment: Segment): boolean {
  return sameAttrs(node, segment) && collapse(node.textContent) === layoutOf(segment.words).text
}

function sameAttrs(node: Node, { id, speaker, start }: Segment): boolean {
  const attrs = attrsOf(node)
  return attrs.id === id && attrs.speaker === speaker && attrs.start === start
}

function patchNode(tr: Transaction, at: number, node: Node, segment: Segment): void {
  const { text } = layoutOf(segment.words)
  const shown = node.textContent
  if (collapse(shown) !== text) replaceText(tr, at + 1, shown, text)
  if (!sameAttrs(node, segment)) tr.setNodeMarkup(at, null, { id: segment.id, speaker: segment.speaker, start: segment.start })
}

function replaceText(tr: Transaction, at: number, shown: string, text: string): void {
  let [head, tail] = [0, 0]
  const most = Math.min(shown.length, text.length)
  while (head < most && shown[head] === text[head]) head += 1
  while (tail < most - head && shown[shown.length - 1 - tail] === text[text.length - 1 - tail]) tail += 1
  const fresh = text.slice(head, text.length - tail)
  const [from, to] = [at + head, at + shown.length - tail]
  if (fresh) tr.replaceWith(from, to, schema.text(fresh))
  else tr.delete(from, to)
}

/**
 * Sees to it that every node of what an edit made has an id of its own: of two with one id (a split) the first keeps it,
 * and the first of the changed ones stands for the first that was there.
 */
export function identify(tr: Transaction): Transaction {
  const [before, after] = [segmentNodes(tr.before), segmentNodes(tr.doc)]
  const window = changedWindow(before, after)
  if (!window || (window.toAfter - window.from === window.toBefore - window.from && sameIds(before, after, window.from, window.toAfter))) return tr
  const first = before[window.from]
  for (let at = window.from; at < window.toAfter; at += 1) {
    const node = after[at]
    if (!node) break
    const id = at === window.from && first ? attrsOf(first).id : freshId()
    tr.setNodeMarkup(positionOf(tr.doc, at), null, { ...node.attrs, id })
  }
  return tr
}

function sameIds(before: readonly Node[], after: readonly Node[], from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (before[at]?.attrs['id'] !== after[at]?.attrs['id']) return false
  return true
}
