import { chainCommands, deleteSelection, selectAll } from 'prosemirror-commands'
import { keymap } from 'prosemirror-keymap'
import type { Node, Slice } from 'prosemirror-model'
import { EditorState, TextSelection, type Command, type Transaction } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import type { Document, Operation } from '@/lib/edits'
import { operationsBetween } from './derive'
import type { Caret } from './history'
import { identify, patch, positionOf, SYNC } from './patch'
import { attrsOf, changedWindow, docOf, type Window } from './schema'
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
    const id = $head.depth > 0 ? attrsOf($head.parent).id : null
    return id === null ? null : { segment: id, offset: collapse($head.parent.textContent.slice(0, $head.parentOffset)).length }
  }

  /** Number of the segment with the caret, -1 for none. */
  caretIndex(): number {
    return this.view.state.selection.$head.index(0)
  }

  /** Segment and word at the caret. */
  wordAtCaret(): [segment: number, word: number] {
    const at = this.caretIndex()
    const words = this.shown.segments[at]?.words ?? []
    return [at, wordAtOffset(layoutOf(words), this.caret()?.offset ?? 0)]
  }

  placeCaret(index: number, from: number, to = from): void {
    const node = this.view.state.doc.maybeChild(index)
    if (!node) return
    const start = positionOf(this.view.state.doc, index) + 1
    const within = (offset: number) => start + Math.min(Math.max(0, offset), node.content.size)
    this.view.dispatch(this.view.state.tr.setSelection(TextSelection.create(this.view.state.doc, within(from), within(to))))
  }

  selectWord(index: number, word: number): void {
    const segment = this.shown.segments[index]
    const node = this.view.state.doc.maybeChild(index)
    if (segment && node) this.placeCaret(index, ...placeInShown(layoutOf(segment.words), word, node.textContent))
  }

  element(index: number): HTMLElement | null {
    return (this.view.dom.children[index] as HTMLElement | undefined) ?? null
  }

  indexOf(element: Element): number {
    return Array.prototype.indexOf.call(this.view.dom.children, element)
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
    const node = this.view.state.doc.maybeChild(index)
    return segment && node ? this.range(index, ...placeInShown(layoutOf(segment.words), word, node.textContent)) : null
  }

  /** Segment and word under a point of the window. */
  wordAtPoint(x: number, y: number): [segment: number, word: number] | null {
    const found = this.view.posAtCoords({ left: x, top: y })
    if (!found) return null
    const $pos = this.view.state.doc.resolve(found.pos)
    const index = $pos.index(0)
    const segment = this.shown.segments[index]
    if (!segment || $pos.depth === 0) return null
    const offset = collapse($pos.parent.textContent.slice(0, $pos.parentOffset)).length
    return segment.words.length > 0 ? [index, wordAtOffset(layoutOf(segment.words), offset)] : null
  }

  selection(): EditorSelection {
    const { $from, $to, empty } = this.view.state.selection
    const nodes = this.view.state.doc.content.content.slice($from.index(0), $to.index(0) + 1)
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
    next.segments.forEach((segment, at) => {
      const node = this.view.state.doc.maybeChild(at)
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
    const window = changedWindow(before.content.content, this.view.state.doc.content.content)
    if (window) this.markHeads(window)
  }

  /** A segment that another speaker than the one before it has is headed by the name. */
  private markHeads({ from, toAfter }: Window): void {
    const { doc } = this.view.state
    for (let at = from; at <= Math.min(toAfter, doc.childCount - 1); at += 1) {
      const headed = at === 0 || attrsOf(doc.child(at)).speaker !== attrsOf(doc.child(at - 1)).speaker
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
  if (!empty || $from.parentOffset > 0 || $from.index(0) === 0) return false
  dispatch?.(joined(state, $from.before()))
  return true
}

/** Delete at the end of a segment: the one behind comes into it. */
const joinBehind: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  if (!empty || $from.parentOffset < $from.parent.content.size || $from.index(0) + 1 >= state.doc.childCount) return false
  dispatch?.(joined(state, $from.after()))
  return true
}

/** Words of two segments stay words when these become one. */
function joined(state: EditorState, at: number): Transaction {
  const left = state.doc.resolve(at).nodeBefore?.textContent ?? ''
  const right = state.doc.resolve(at).nodeAfter?.textContent ?? ''
  const tr = state.tr.join(at)
  const spaced = left === '' || right === '' || /\s$/.test(left) || /^\s/.test(right)
  if (!spaced) tr.insertText(' ', at - 1)
  return tr.setSelection(TextSelection.create(tr.doc, at - 1 + (spaced ? 0 : 1))).scrollIntoView()
}
