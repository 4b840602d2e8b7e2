import { chainCommands, deleteSelection, selectAll } from 'prosemirror-commands'
import { keymap } from 'prosemirror-keymap'
import type { Node, ResolvedPos, Slice } from 'prosemirror-model'
import { EditorState, TextSelection, type Command, type Transaction } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import type { Document, Operation } from '@/lib/edits'
import { operationsBetween } from './derive'
import type { Caret } from './history'
import { identify, patch, SYNC } from './patch'
import { attrsOf, changedWindow, docOf, placeOf, positionOf, segmentNode, segmentNodes, segmentsBefore, type Window } from './schema'
import { SegmentView, type Faces } from './segmentView'
import { collapse, layoutOf, placeInShown, wordAtOffset } from './text'

/** What is selected: the segments it touches, the offsets of its ends in the first and the last of them. */
export interface EditorSelection {
  readonly segmentIds: readonly string[]
  readonly from: number
  readonly to: number
  readonly text: string
}

export interface EditorHost {
  readonly faces: Faces
  readonly label: string
  readonly editable: () => boolean
  /** Somebody typed, split or merged: takes the operations and gives the document after them. */
  readonly edited: (operations: readonly Operation[], typing: boolean, caret: Caret | null) => Document
  readonly selected: (selection: EditorSelection) => void
  readonly caretMoved: () => void
  readonly undo: () => void
  readonly redo: () => void
  /** Keys while typing that are not text; true when taken. */
  readonly key: (event: KeyboardEvent) => boolean
}

/** The caret stays clear of what lies over the text: the tools at the top and the dock. Pixels. */
const KEPT_CLEAR = {
  left: 0,
  right: 0,
  top: 80,
  get bottom() {
    return 16 + parseFloat(document.body.style.getPropertyValue('--dock') || '0')
  },
}

/** The document on the screen, by number of segment and word. */
export class TranscriptEditor {
  readonly view: EditorView
  private shown: Document
  private readonly segmentViews = new Set<SegmentView>()
  /** What waits for the end of a composition (an input method writes into the DOM). */
  private waiting: Document | null = null

  constructor(
    mount: HTMLElement,
    document: Document,
    private readonly host: EditorHost,
  ) {
    this.shown = document
    this.view = new EditorView({ mount }, {
      state: this.stateOf(document),
      nodeViews: { segment: (node) => this.nodeView(node) },
      editable: host.editable,
      attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': host.label, spellcheck: 'false', translate: 'no' },
      scrollThreshold: KEPT_CLEAR,
      scrollMargin: KEPT_CLEAR,
      dispatchTransaction: (tr) => this.dispatch(tr),
      handleKeyDown: (_, event) => host.key(event),
      handlePaste: (_, event) => this.insertPlain(event.clipboardData),
      handleDrop: (_, event) => this.insertPlain(event.dataTransfer),
      clipboardTextSerializer: (slice: Slice) => slice.content.textBetween(0, slice.content.size, '\n'),
    })
    this.view.dom.addEventListener('compositionend', () => setTimeout(() => this.flush()))
    this.markHeads({ from: 0, toBefore: 0, toAfter: document.segments.length })
  }

  get document(): Document {
    return this.shown
  }

  destroy(): void {
    this.view.destroy()
  }

  /** Brings the screen to `next`. */
  show(next: Document): void {
    if (this.view.composing) {
      this.waiting = next
      return
    }
    const tr = patch(this.view.state, this.shown, next)
    this.shown = next
    if (tr.docChanged) this.apply(tr)
  }

  /** Names or colours changed. */
  renamed(): void {
    for (const one of this.segmentViews) one.showSpeaker()
  }

  editableChanged(): void {
    this.view.setProps({})
  }

  focus(): void {
    this.view.focus()
  }

  get focused(): boolean {
    return this.view.hasFocus()
  }

  caret(): Caret | null {
    const { $head } = this.view.state.selection
    const id = $head.parent.isTextblock ? attrsOf($head.parent).id : null
    return id === null ? null : { segment: id, offset: collapse($head.parent.textContent.slice(0, $head.parentOffset)).length }
  }

  /** Number of the segment with the caret, -1 for none. */
  caretIndex(): number {
    return indexOf(this.view.state.selection.$head)
  }

  /** Segment and word at the caret. */
  wordAtCaret(): [segment: number, word: number] {
    const at = this.caretIndex()
    const words = this.shown.segments[at]?.words ?? []
    return [at, wordAtOffset(layoutOf(words), this.caret()?.offset ?? 0)]
  }

  placeCaret(index: number, from: number, to = from): void {
    const node = segmentNode(this.view.state.doc, index)
    if (!node) return
    const start = positionOf(this.view.state.doc, index) + 1
    const within = (offset: number) => start + Math.min(Math.max(0, offset), node.content.size)
    this.view.dispatch(this.view.state.tr.setSelection(TextSelection.create(this.view.state.doc, within(from), within(to))))
  }

  selectWord(index: number, word: number): void {
    const segment = this.shown.segments[index]
    const node = segmentNode(this.view.state.doc, index)
    if (segment && node) this.placeCaret(index, ...placeInShown(layoutOf(segment.words), word, node.textContent))
  }

  element(index: number): HTMLElement | null {
    const [group, inside] = placeOf(this.view.state.doc, index)
    return (this.view.dom.children[group]?.children[inside] as HTMLElement | undefined) ?? null
  }

  indexOf(element: Element): number {
    const group = element.parentElement
    if (!group) return -1
    const at = [...this.view.dom.children].indexOf(group)
    return at < 0 ? -1 : segmentsBefore(this.view.state.doc, at) + [...group.children].indexOf(element)
  }

  /** Segments that lie, at least in part, between two heights of the window. */
  between(top: number, bottom: number): [from: number, to: number] {
    const groups = this.view.dom.children
    const [from, to] = [firstBelow(groups, top), firstBeyond(groups, bottom) - 1]
    const [first, last] = [groups[from], groups[to]]
    if (!first || !last || to < from) return [0, 0]
    const { doc } = this.view.state
    return [segmentsBefore(doc, from) + firstBelow(first.children, top), segmentsBefore(doc, to) + firstBeyond(last.children, bottom)]
  }

  /** Characters `from .. to` of a segment's text as a range of the DOM; null where it is not there. */
  range(index: number, from: number, to: number): Range | null {
    const said = this.element(index)?.querySelector('.said')
    const text = said?.firstChild
    if (!(text instanceof Text) || to > text.length || from > to) return null
    const range = new Range()
    range.setStart(text, from)
    range.setEnd(text, to)
    return range
  }

  wordRange(index: number, word: number): Range | null {
    const segment = this.shown.segments[index]
    const node = segmentNode(this.view.state.doc, index)
    return segment && node ? this.range(index, ...placeInShown(layoutOf(segment.words), word, node.textContent)) : null
  }

  /** Segment and word under a point of the window. */
  wordAtPoint(x: number, y: number): [segment: number, word: number] | null {
    const found = this.view.posAtCoords({ left: x, top: y })
    if (!found) return null
    const $pos = this.view.state.doc.resolve(found.pos)
    const index = indexOf($pos)
    const segment = this.shown.segments[index]
    if (!segment || !$pos.parent.isTextblock) return null
    const offset = collapse($pos.parent.textContent.slice(0, $pos.parentOffset)).length
    return segment.words.length > 0 ? [index, wordAtOffset(layoutOf(segment.words), offset)] : null
  }

  selection(): EditorSelection {
    const { $from, $to, empty } = this.view.state.selection
    const nodes = segmentNodes(this.view.state.doc).slice(indexOf($from), indexOf($to) + 1)
    const segmentIds = nodes.map((node) => attrsOf(node).id).filter((id) => id !== null)
    const text = empty ? '' : this.view.state.doc.textBetween($from.pos, $to.pos, ' ')
    return { segmentIds, from: offsetIn($from.parent, $from.parentOffset), to: offsetIn($to.parent, $to.parentOffset), text }
  }

  private stateOf(document: Document): EditorState {
    return EditorState.create({ doc: docOf(document), plugins: [keymap(this.keys())] })
  }

  private keys(): Record<string, Command> {
    const undo: Command = () => (this.host.undo(), true)
    const redo: Command = () => (this.host.redo(), true)
    return {
      Enter: splitHere,
      'Shift-Enter': splitHere,
      Backspace: chainCommands(deleteSelection, joinBefore),
      'Mod-Backspace': chainCommands(deleteSelection, joinBefore),
      Delete: chainCommands(deleteSelection, joinBehind),
      'Mod-z': undo,
      'Mod-y': redo,
      'Mod-Shift-z': redo,
      'Mod-a': selectAll,
    }
  }

  private nodeView(node: Node): SegmentView {
    const made = new SegmentView(node, this.host.faces)
    this.segmentViews.add(made)
    return Object.assign(made, { destroy: () => this.segmentViews.delete(made) })
  }

  private dispatch(tr: Transaction): void {
    if (!tr.docChanged) {
      this.view.updateState(this.view.state.apply(tr))
      if (tr.selectionSet) this.host.caretMoved()
      this.host.selected(this.selection())
      return
    }
    if (tr.getMeta(SYNC)) this.apply(tr)
    else this.applyEdit(identify(tr))
  }

  private applyEdit(tr: Transaction): void {
    const caret = this.caret()
    const before = this.view.state.doc
    const operations = operationsBetween(this.shown, before, tr.doc)
    this.apply(tr)
    if (operations.length === 0) return
    const typing = operations.length === 1 && operations[0]?.type === 'replace'
    const next = this.host.edited(operations, typing, caret)
    this.shown = typing ? next : this.settle(next)
    this.host.selected(this.selection())
  }

  /** After a split or a merge: times and speakers that only the document knows. */
  private settle(next: Document): Document {
    const tr = this.view.state.tr.setMeta(SYNC, true)
    const nodes = segmentNodes(this.view.state.doc)
    next.segments.forEach((segment, at) => {
      const node = nodes[at]
      const { id, speaker, start } = segment
      if (node?.attrs['id'] === id && (node.attrs['start'] !== start || node.attrs['speaker'] !== speaker)) {
        tr.setNodeMarkup(positionOf(this.view.state.doc, at), null, { id, speaker, start })
      }
    })
    if (tr.docChanged) this.apply(tr)
    return next
  }

  private apply(tr: Transaction): void {
    const before = this.view.state.doc
    this.view.updateState(this.view.state.apply(tr))
    const window = changedWindow(segmentNodes(before), segmentNodes(this.view.state.doc))
    if (window) this.markHeads(window)
  }

  /** A segment that another speaker than the one before it has is headed by the name. */
  private markHeads({ from, toAfter }: Window): void {
    const nodes = segmentNodes(this.view.state.doc)
    for (let at = from; at <= Math.min(toAfter, nodes.length - 1); at += 1) {
      const headed = at === 0 || nodes[at]?.attrs['speaker'] !== nodes[at - 1]?.attrs['speaker']
      const element = this.element(at)
      if (element && element.classList.contains('headed') !== headed) element.classList.toggle('headed', headed)
    }
  }

  private flush(): void {
    const next = this.waiting
    this.waiting = null
    if (next) this.show(next)
  }

  /** What is pasted or dropped is text of this segment, whatever it was before. */
  private insertPlain(data: DataTransfer | null): boolean {
    const text = data?.getData('text/plain').replaceAll(/\s+/gu, ' ')
    if (text && this.host.editable()) this.view.dispatch(this.view.state.tr.insertText(text).scrollIntoView())
    return true
  }
}

/** Of elements one under another, the number of the first that ends below a height of the window. */
function firstBelow(elements: HTMLCollection, top: number): number {
  return firstWhere(elements, (box) => box.bottom > top)
}

/** The number of the first that begins at or below it: those before it are seen above. */
function firstBeyond(elements: HTMLCollection, bottom: number): number {
  return firstWhere(elements, (box) => box.top >= bottom)
}

function firstWhere(elements: HTMLCollection, holds: (box: DOMRect) => boolean): number {
  let [low, high] = [0, elements.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const element = elements[middle]
    if (element && holds(element.getBoundingClientRect())) high = middle
    else low = middle + 1
  }
  return low
}

/** Number of the segment that a place is in. */
function indexOf($pos: ResolvedPos): number {
  return segmentsBefore($pos.doc, $pos.index(0)) + ($pos.depth > 0 ? $pos.index(1) : 0)
}

function offsetIn(node: Node, offset: number): number {
  return collapse(node.textContent.slice(0, offset)).length
}

/** Enter: what is behind the caret becomes a segment of its own. At either end of one there is nothing to part. */
const splitHere: Command = (state, dispatch) => {
  const tr = state.tr.deleteSelection()
  const { $from } = tr.selection
  const said = $from.parent.textContent
  const parts = said.slice(0, $from.parentOffset).trim() !== '' && said.slice($from.parentOffset).trim() !== ''
  if (parts) dispatch?.(tr.split($from.pos).scrollIntoView())
  return true
}

/** Backspace at the start of a segment: it goes into the one before it. */
const joinBefore: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  const index = indexOf($from)
  if (!empty || $from.parentOffset > 0 || index === 0) return false
  dispatch?.(joined(state, index - 1))
  return true
}

/** Delete at the end of a segment: the one behind comes into it. */
const joinBehind: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  const index = indexOf($from)
  if (!empty || $from.parentOffset < $from.parent.content.size || !segmentNode(state.doc, index + 1)) return false
  dispatch?.(joined(state, index))
  return true
}

/** Segment `index` and the one behind become one; their words stay words. */
function joined(state: EditorState, index: number): Transaction {
  const { tr, doc } = state
  const [left, right] = [segmentNode(doc, index), segmentNode(doc, index + 1)]
  if (!left || !right) return tr
  const end = positionOf(doc, index) + 1 + left.content.size
  const next = positionOf(doc, index + 1)
  const $next = doc.resolve(next)
  const alone = $next.parent.childCount === 1 // a group goes with its only segment
  tr.delete(alone ? $next.before() : next, alone ? $next.after() : next + right.nodeSize)
  const spaced = left.content.size === 0 || right.content.size === 0 || /\s$/.test(left.textContent) || /^\s/.test(right.textContent)
  const text = (spaced ? '' : ' ') + right.textContent
  if (text) tr.insertText(text, end)
  return tr.setSelection(TextSelection.create(tr.doc, end + (spaced ? 0 : 1))).scrollIntoView()
}
