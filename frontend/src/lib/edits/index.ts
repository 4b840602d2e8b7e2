/**
 * Editing a transcript: pure functions over immutable documents. The service computes the same
 * (`stenogram/speech/edits.py`, `stenogram/speech/merge.py`); a test replays thousands of cases on both.
 *
 * apply.ts    applyAll(document, operations): Document          throws EditInvalid
 *             invert(operations): Operation[]                   undoes all of them, in the order to apply
 * respan.ts   respan(before, texts, bounds): Word[]             times for the words of an edited stretch
 * build.ts    what a person does -> the operations for it       replaceWords, splitAt, mergeWithNext, reassign, rename,
 *                                                               addSpeaker, mergeSpeakers, splitOffSpeaker, retime, freshId
 * merge.ts    merge(base, mine, theirs): Document               three-way; no word is dropped
 *             diff(from, to): Operation[]                       operations that lead from one document to the other
 *             rebase(changes, base, onto)                       mine, made one after another on `base`, put on `onto`
 *             takeBack(before, after, current): Operation[]     undo of one change, whatever has happened since
 * session.ts  autosave as a state machine: open, edit, send, answered, failed, journal
 */
export * from './types'
