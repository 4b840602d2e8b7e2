import type { Node } from 'prosemirror-model'
import { applyAll, freshId, mergeWithNext, replaceWords, splitAt, type Document, type Operation, type Segment } from '@/lib/edits'
import { attrsOf, changedWindow, segmentNodes, type Window } from './schema'
import { collapse, editOfText, layoutOf } from './text'

/**
 * The operations that lead `document` to what `after` shows; `before` is what shows `document` now. A change of text is one
 * `replace`; a change over several segments is merges, one `replace` and splits.
 */
export function operationsBetween(document: Document, before: Node, after: Node): Operation[] {
  const [was, is] = [segmentNodes(before), segmentNodes(after)]
  const window = widened(changedWindow(was, is), was.length)
  if (!window || document.segments.length === 0) return []
  const segments = document.segments.slice(window.from, window.toBefore)
  const nodes = is.slice(window.from, window.toAfter)
  return keepsPlaces(segments, nodes) ? textOperations(document, segments, nodes) : rebuilt(document, segments, nodes)
}

/** Where whole segments went, their neighbour stands for them: what they said is merged into it and taken out. */
function widened(window: Window | null, count: number): Window | null {
  if (!window || window.toAfter > window.from) return window
  if (window.from > 0) return { ...window, from: window.from - 1 }
  const more = window.toBefore < count ? 1 : 0
  return { ...window, toBefore: window.toBefore + more, toAfter: window.toAfter + more }
}

function keepsPlaces(segments: readonly Segment[], nodes: readonly Node[]): boolean {
  return segments.length === nodes.length && nodes.every((node, at) => attrsOf(node).id === segments[at]?.id)
}

function textOperations(document: Document, segments: readonly Segment[], nodes: readonly Node[]): Operation[] {
  return segments.flatMap((segment, at) => retext(document, segment, nodes[at]?.textContent ?? ''))
}

/** A segment reads `text` now. */
export function retext(document: Document, segment: Segment, text: string): Operation[] {
  const edit = editOfText(segment.words, text)
  return edit ? replaceWords(document, segment.id, edit.at, edit.count, edit.texts) : []
}

function rebuilt(document: Document, segments: readonly Segment[], nodes: readonly Node[]): Operation[] {
  const id = segments[0]?.id
  if (id === undefined) return []
  const steps = new Steps(document)
  for (let left = segments.length; left > 1; left -= 1) steps.add(mergeWithNext(steps.document, id))
  const texts = nodes.map((node) => collapse(node.textContent))
  steps.add(retext(steps.document, steps.segment(id), texts.filter(Boolean).join(' ')))
  const { starts } = layoutOf(steps.segment(id).words)
  for (const [place, node] of [...nodes.entries()].slice(1).reverse()) {
    const offset = texts.slice(0, place).filter(Boolean).join(' ').length
    const found = offset === 0 ? 0 : starts.findIndex((start) => start >= offset)
    steps.add(splitAt(steps.document, id, found < 0 ? starts.length : found, attrsOf(node).id ?? freshId()))
  }
  return steps.operations
}

/** Operations that build on one another. */
export class Steps {
  readonly operations: Operation[] = []

  constructor(public document: Document) {}

  add(operations: readonly Operation[]): void {
    this.operations.push(...operations)
    this.document = applyAll(this.document, operations)
  }

  segment(id: string): Segment {
    const segment = this.document.segments.find((one) => one.id === id)
    if (!segment) throw new Error(`no segment ${id}`)
    return segment
  }
}
