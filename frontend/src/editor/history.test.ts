import { describe, expect, test } from 'vitest'
import type { Document } from '@/lib/edits'
import { History } from './history'

/** Documents that follow one another. */
const [a, b, c, d] = [0, 1, 2, 3].map((): Document => ({ segments: [], speakers: [] })) as [Document, Document, Document, Document]
const step = (before: Document, after: Document) => ({ before, after, caret: null })

describe('steps of undo', () => {
  test('join while somebody types, until a pause, a move of the caret or another kind of edit', () => {
    const history = new History()
    history.record(step(a, b), true, 0)
    history.record(step(b, c), true, 900)
    expect(history.takeUndo()).toEqual(step(a, c))
    history.record(step(a, b), true, 2000)
    history.record(step(b, c), true, 3500)
    expect(history.takeUndo()?.before).toBe(b)
    history.record(step(b, c), true, 3600)
    history.interrupt()
    history.record(step(c, d), true, 3700)
    expect(history.takeUndo()?.before).toBe(c)
    history.record(step(c, d), false, 3800)
    expect(history.takeUndo()?.before).toBe(c)
  })

  test('join for as long as an input method composes', () => {
    const history = new History()
    history.record(step(a, b), true, 0)
    history.interrupt()
    history.record(step(b, c), true, 5000, true)
    history.record(step(c, d), true, 9000, true)
    expect(history.takeUndo()).toEqual(step(a, d))
    expect(history.canUndo).toBe(false)
  })

  test('are forgotten for redo once something else is done', () => {
    const history = new History()
    history.record(step(a, b), true, 0)
    const taken = history.takeUndo()
    if (taken) history.recordUndo(taken)
    expect(history.canRedo).toBe(true)
    history.record(step(a, c), true, 100)
    expect(history.canRedo).toBe(false)
  })
})
