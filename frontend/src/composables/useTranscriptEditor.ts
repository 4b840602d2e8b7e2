import { onBeforeUnmount, ref, shallowRef } from 'vue'
import type { Autosave } from '@/editor/autosave'
import { TranscriptEditor, type EditorSelection } from '@/editor/editor'
import { History, type Caret, type Step } from '@/editor/history'
import { Marks } from '@/editor/marks'
import type { Faces } from '@/editor/segmentView'
import { layoutOf } from '@/editor/text'
import { takeBack, type Document, type Operation } from '@/lib/edits'

const NOTHING: EditorSelection = { segmentIds: [], from: 0, to: 0, text: '' }
/** What hangs on the whole document (talk time, hits) is worked out when the keys have rested this long, milliseconds. */
const REST = 250

export interface EditorWords {
  readonly label: string
  readonly faces: Faces
  readonly editable: () => boolean
  readonly key: (event: KeyboardEvent) => boolean
  /** Somebody typed. */
  readonly typed: (operations: readonly Operation[]) => void
}

/** The editor of one transcript: what is shown, edited, undone. `autosave` holds the document and takes it to the service. */
export function useTranscriptEditor(autosave: Autosave, words: EditorWords) {
  const editor = shallowRef<TranscriptEditor | null>(null)
  const marks = shallowRef<Marks | null>(null)
  const selection = shallowRef<EditorSelection>(NOTHING)
  /** The document, some rest after the last key: for everything that looks at the whole of it. */
  const settled = shallowRef<Document>(autosave.document)
  const canUndo = ref(false)
  const canRedo = ref(false)
  const history = new History()
  /** The last edit was a part of what an input method composes. */
  let composed = false
  let resting: ReturnType<typeof setTimeout> | undefined

  function mount(element: HTMLElement): void {
    editor.value = new TranscriptEditor(element, autosave.document, {
      faces: words.faces,
      label: words.label,
      editable: words.editable,
      edited,
      selected: (next) => (selection.value = next),
      caretMoved: () => history.interrupt(),
      undo,
      redo,
      key: words.key,
    })
    marks.value = new Marks(editor.value)
    settled.value = autosave.document
  }

  /** What was done on the screen: it shows already. */
  function edited(operations: readonly Operation[], typing: boolean, caret: Caret | null): Document {
    const before = autosave.document
    const after = autosave.edit(operations)
    const composing = editor.value?.view.composing === true
    history.record({ before, after, caret }, typing, performance.now(), composing && composed)
    composed = composing
    changed()
    words.typed(operations)
    return after
  }

  /** What was done by other means than the caret: one step of undo. */
  function perform(operations: readonly Operation[]): void {
    if (operations.length === 0) return
    const before = autosave.document
    const after = autosave.edit(operations)
    history.record({ before, after, caret: editor.value?.caret() ?? null }, false, performance.now())
    editor.value?.show(after)
    changed()
    settled.value = after
  }

  function undo(): void {
    step(history.takeUndo(), (made) => history.recordUndo(made))
  }

  function redo(): void {
    step(history.takeRedo(), (made) => history.recordRedo(made))
  }

  function step(taken: Step | null, record: (step: Step) => void): void {
    if (!taken) return
    const before = autosave.document
    const operations = takeBack(taken.before, taken.after, before)
    const after = operations.length > 0 ? autosave.edit(operations) : before
    record({ before, after, caret: taken.caret })
    editor.value?.show(after)
    showChange(before, after)
    changed()
    settled.value = after
  }

  /** Puts the caret behind what undo or redo changed and shows it. */
  function showChange(before: Document, after: Document): void {
    const at = after.segments.findIndex((segment, place) => segment !== before.segments[place])
    const segment = after.segments[at]
    if (!editor.value || !segment) return
    const [was, is] = [layoutOf(before.segments[at]?.words ?? []).text, layoutOf(segment.words).text]
    editor.value.placeCaret(at, endOfChange(was, is))
    history.interrupt()
    editor.value.element(at)?.scrollIntoView({ block: 'nearest' })
  }

  function changed(): void {
    canUndo.value = history.canUndo
    canRedo.value = history.canRedo
    marks.value?.refresh()
    clearTimeout(resting)
    resting = setTimeout(() => whenIdle(() => (settled.value = autosave.document)), REST)
  }

  /** The service's answer, or another tab's change, has moved the document. */
  function follow(): void {
    editor.value?.show(autosave.document)
    changed()
    settled.value = autosave.document
  }

  onBeforeUnmount(() => {
    clearTimeout(resting)
    marks.value?.destroy()
    editor.value?.destroy()
  })

  return { editor, marks, selection, settled, canUndo, canRedo, mount, perform, undo, redo, follow }
}

/** In a moment in which nobody presses a key, in half a second at the latest. */
function whenIdle(act: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(act, { timeout: 500 })
  else setTimeout(act)
}

function endOfChange(was: string, is: string): number {
  let tail = 0
  while (tail < Math.min(was.length, is.length) && was[was.length - 1 - tail] === is[is.length - 1 - tail]) tail += 1
  return is.length - tail
}

/** Scrolls to a segment unless it is in the middle band of the window already: reading stays calm. */
export function bringIntoView(element: HTMLElement, range: Range | null): void {
  const shown = element.getBoundingClientRect()
  const box = shown.bottom < 0 || shown.top > innerHeight || !range ? shown : range.getBoundingClientRect()
  if (box.top > innerHeight * 0.18 && box.bottom < innerHeight * 0.62) return
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches || Math.abs(box.top) > innerHeight * 3
  scrollBy({ top: box.top - innerHeight * 0.4, behavior: calm ? 'auto' : 'smooth' })
}

/** Frames in which a segment that was just brought to the screen is kept in place: the browser lays out what is around it. */
const SETTLING = 6

/** Puts what `boxOf` measures into the upper half of the window, at once. */
export function reveal(boxOf: () => DOMRect | null, frames = SETTLING): void {
  const box = boxOf()
  if (!box) return
  const off = box.top - innerHeight * 0.3
  if (Math.abs(off) > 1) scrollBy({ top: off, behavior: 'instant' })
  if (frames > 0) requestAnimationFrame(() => reveal(boxOf, frames - 1))
}

export type TranscriptEditing = ReturnType<typeof useTranscriptEditor>
