import { expect, test } from 'vitest'
import { applyAll, mergeWithNext, replaceWords, splitAt, type Document, type Operation } from '@/lib/edits'
import { refusedText } from './refused'

const start: Document = {
  segments: ['a', 'b'].map((id, at) => ({
    id,
    speaker: null,
    start: at * 70,
    end: at * 70 + 4,
    words: [' one', ' two', ' three', ' four'].map((text, place) => ({ text, start: at * 70 + place, end: at * 70 + place + 0.9, probability: 0.5 })),
  })),
  speakers: [],
}

/** Does the steps one after another, each on what the one before has made. */
function entryOf(...steps: ((document: Document) => readonly Operation[])[]) {
  let document = start
  const pending = steps.map((step) => {
    const operations = step(document)
    document = applyAll(document, operations)
    return operations
  })
  return { key: 'k', run: 'r', version: 1, next: 'n', flights: [], pending }
}

const types = (segment: string, at: number, count: number, ...texts: string[]) => (document: Document) => replaceWords(document, segment, at, count, texts.map((text) => ` ${text}`))

test('a word typed letter by letter is told once, with its time', () => {
  expect(refusedText(entryOf(types('b', 1, 1, 't'), types('b', 1, 1, 'tw'), types('b', 1, 1, 'twelve')))).toBe('1:11 twelve')
})

test('places are told in the order of the recording, words side by side together', () => {
  expect(refusedText(entryOf(types('b', 0, 1, 'B'), types('a', 3, 1, 'four!'), types('a', 0, 0, 'so'), types('a', 1, 1, 'ONE')))).toBe('0:00 so ONE\n0:03 four!\n1:10 B')
})

test('what was written and taken away again is not told', () => {
  expect(refusedText(entryOf(types('a', 1, 0, 'gone', 'kept'), types('a', 1, 1)))).toMatch(/^0:0\d kept$/)
})

test('splits and merges carry the words along', () => {
  const steps = [types('a', 1, 2, 'ZWEI', 'DREI'), (document: Document) => splitAt(document, 'a', 2, 'c'), types('c', 0, 1, 'III'), (document: Document) => mergeWithNext(document, 'a')]
  expect(refusedText(entryOf(...steps.slice(0, 3)))).toBe('0:01 ZWEI\n0:02 III')
  expect(refusedText(entryOf(...steps))).toBe('0:01 ZWEI\n0:02 III')
})
