/**
 * Editing a transcript: pure functions over immutable documents. The service computes the same
 * (`stenogram/speech/edits.py`, `stenogram/speech/merge.py`); a test replays thousands of cases on both.
 *
 * apply.ts    operations applied and inverted
 * respan.ts   times for the words of an edited stretch
 * build.ts    what a person does, as operations
 * diff.ts     the operations that lead from one document to the other
 * merge.ts    three-way merge in which no word is dropped; rebase; undo of one change, whatever has happened since
 * session.ts  autosave as a state machine
 */
export * from './types'
export { applyAll, documentOf, EditInvalid, invert, sameWord, sameWords } from './apply'
export { respan } from './respan'
export * from './build'
export { diff } from './diff'
export { merge, rebase, takeBack } from './merge'
