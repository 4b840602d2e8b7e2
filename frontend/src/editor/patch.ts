import type { Node } from 'prosemirror-model'
import type { EditorState, Transaction } from 'prosemirror-state'
import { freshId, type Document, type Segment } from '@/lib/edits'
import { attrsOf, changedWindow, docOf, nodeOf, schema } from './schema'
import { collapse, layoutOf } from './text'

/** Marks transactions that bring the screen to the document: they are no edits. */
export const SYNC = 'sync'
/** Above this many changed segments one step replaces them all: many small ones would each copy the document. */
const FEW = 24

/** Shows `next` where `state` shows `shown`, touching only what differs, so that the caret stays where it is. */
export function patch(state: EditorState, shown: Document, next: Document): Transaction {
  const tr = state.tr.setMeta(SYNC, true).setMeta('addToHistory', false)
  if (state.doc.childCount !== Math.max(1, shown.segments.length)) return rewrite(tr, next)
  const window = changedWindow(shown.segments, next.segments)
  if (!window) return tr
  if (shown.segments.length === 0 || next.segments.length === 0) return rewrite(tr, next)
  const segments = next.segments.slice(window.from, window.toAfter)
  const nodes = state.doc.content.content.slice(window.from, window.toBefore)
  const from = positionOf(state.doc, window.from)
  if (nodes.length !== segments.length || segments.length > FEW) return tr.replaceWith(from, from + sizeOf(nodes), merged(nodes, segments))
  for (let at = nodes.length - 1; at >= 0; at -= 1) {
    const [node, segment] = [nodes[at], segments[at]]
    if (node && segment) patchNode(tr, from + sizeOf(nodes.slice(0, at)), node, segment)
  }
  return tr
}

/** Where child `index` of `doc` begins. */
export function positionOf(doc: Node, index: number): number {
  return sizeOf(doc.content.content.slice(0, index))
}

function sizeOf(nodes: readonly Node[]): number {
  return nodes.reduce((sum, node) => sum + node.nodeSize, 0)
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
  const [before, after] = [tr.before.content.content, tr.doc.content.content]
  const window = changedWindow(before, after)
  if (!window || (window.toAfter - window.from === window.toBefore - window.from && sameIds(before, after, window.from, window.toAfter))) return tr
  const first = before[window.from]
  let position = positionOf(tr.doc, window.from)
  for (let at = window.from; at < window.toAfter; at += 1) {
    const node = after[at]
    if (!node) break
    const id = at === window.from && first ? attrsOf(first).id : freshId()
    tr.setNodeMarkup(position, null, { ...node.attrs, id })
    position += node.nodeSize
  }
  return tr
}

function sameIds(before: readonly Node[], after: readonly Node[], from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (before[at]?.attrs['id'] !== after[at]?.attrs['id']) return false
  return true
}
