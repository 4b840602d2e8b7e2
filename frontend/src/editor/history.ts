import type { Document } from '@/lib/edits'

/** One step of undo: what the document was before and after it, and where the caret was. */
export interface Step {
  readonly before: Document
  readonly after: Document
  readonly caret: Caret | null
}

export interface Caret {
  readonly segment: string
  readonly offset: number
}

/** A pause this long, milliseconds, ends a group. */
const PAUSE = 1000
/** Steps kept; a document shares what does not change, so that a step costs little. */
const DEEPEST = 500

/**
 * What can be undone and redone. Keystrokes join into one step until a pause, a move of the caret (`interrupt`) or an edit
 * of another kind. The documents tell what the step did; how to take it back after other people's changes, `takeBack` does.
 */
export class History {
  private done: Step[] = []
  private undone: Step[] = []
  private open = false
  private last = -Infinity

  get canUndo(): boolean {
    return this.done.length > 0
  }

  get canRedo(): boolean {
    return this.undone.length > 0
  }

  /** `typing`: may join the step before. `now` in milliseconds. `composed`: goes on with what an input method composes. */
  record(step: Step, typing: boolean, now: number, composed = false): void {
    const joined = this.done.at(-1)
    const inTime = composed || (this.open && now - this.last < PAUSE)
    const joins = typing && inTime && joined?.after === step.before
    if (joins) this.done[this.done.length - 1] = { ...joined, after: step.after }
    else this.done.push(step)
    if (this.done.length > DEEPEST) this.done.shift()
    this.undone = []
    this.open = typing
    this.last = now
  }

  /** The caret moved: the next keystroke begins a step. */
  interrupt(): void {
    this.open = false
  }

  takeUndo(): Step | null {
    this.open = false
    return this.done.pop() ?? null
  }

  takeRedo(): Step | null {
    return this.undone.pop() ?? null
  }

  /** What undoing did, for redo. */
  recordUndo(step: Step): void {
    this.undone.push(step)
  }

  /** What redoing did, for undo. */
  recordRedo(step: Step): void {
    this.done.push(step)
  }
}
