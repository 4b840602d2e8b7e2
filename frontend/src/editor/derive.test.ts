import { EditorState, TextSelection } from 'prosemirror-state'
import { describe, expect, test } from 'vitest'
import { applyAll, invert, takeBack, type Document, type Segment } from '@/lib/edits'
import { operationsBetween } from './derive'
import { findAll, replaceHits } from './find'
import { identify, patch } from './patch'
import { docOf, segmentNodes } from './schema'
import { collapse, editOfText, layoutOf } from './text'

function said(id: string, start: number, text: string, speaker = 'S1'): Segment {
  const words = text.split(' ').map((word, at) => ({ text: ` ${word}`, start: start + at, end: start + at + 0.9, probability: 0.4 }))
  return { id, speaker, start, end: words.at(-1)?.end ?? start, words }
}

const sample: Document = {
  segments: [said('a', 0, 'one two three'), said('b', 10, 'four five'), said('c', 20, 'six seven eight nine', 'S2')],
  speakers: [{ label: 'S1', name: null }, { label: 'S2', name: null }],
}

const texts = (document: Document) => document.segments.map((segment) => layoutOf(segment.words).text)

/** An edit on the screen, as operations, and the document after them. */
function edited(document: Document, edit: (state: EditorState) => ReturnType<typeof identify>) {
  const state = EditorState.create({ doc: docOf(document) })
  const tr = identify(edit(state))
  const operations = operationsBetween(document, state.doc, tr.doc)
  return { operations, next: applyAll(document, operations), shown: segmentNodes(tr.doc).map((node) => collapse(node.textContent)) }
}

describe('operations of what was done on the screen', () => {
  test('typing inside a word replaces that word, which keeps its span', () => {
    const { operations, next } = edited(sample, (state) => state.tr.insertText('x', 5))
    expect(operations).toMatchObject([{ type: 'replace', segment: 'a', at: 0, after: [{ text: ' onex', start: 0, end: 0.9, probability: 1 }] }])
    expect(next.segments[1]).toBe(sample.segments[1])
  })

  test('a space just typed is no edit yet', () => {
    expect(edited(sample, (state) => state.tr.insertText(' ', 5)).operations).toEqual([])
  })

  test('a split inside a word parts the word', () => {
    const { operations, next } = edited(sample, (state) => state.tr.split(8))
    expect(operations.map((one) => one.type)).toEqual(['replace', 'split'])
    expect(texts(next)).toEqual(['one tw', 'o three', 'four five', 'six seven eight nine'])
    expect(next.segments[0]?.id).toBe('a')
  })

  test('a merge keeps the words and their times', () => {
    const { operations, next } = edited(sample, (state) => state.tr.join(16).insertText(' ', 15))
    expect(operations.map((one) => one.type)).toEqual(['merge'])
    expect(next.segments[0]?.words.map((word) => word.start)).toEqual([0, 1, 2, 10, 11])
  })

  test('a deletion over three segments is merges and one replace', () => {
    const { operations, next } = edited(sample, (state) => state.tr.delete(6, 32))
    expect(operations.map((one) => one.type)).toEqual(['merge', 'merge', 'replace'])
    expect(texts(next)).toEqual(['one seven eight nine'])
  })

  test('everything deleted leaves one empty segment', () => {
    const { next } = edited(sample, (state) => state.tr.delete(2, state.doc.content.size - 2))
    expect(next.segments).toMatchObject([{ id: 'a', words: [] }])
  })
})

/** Numbers from 0 to 1 that come the same every time. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296
    return state / 4294967296
  }
}

function randomEdit(state: EditorState, next: () => number) {
  const [a, b] = [next(), next()].map((one) => 1 + Math.floor(one * (state.doc.content.size - 1)))
  const [from, to] = [Math.min(a ?? 1, b ?? 1), Math.max(a ?? 1, b ?? 1)]
  const tr = state.tr.setSelection(TextSelection.between(state.doc.resolve(from), state.doc.resolve(next() < 0.5 ? Math.min(from + 4, to) : from)))
  const kind = next()
  if (kind < 0.2 && tr.selection.empty && tr.selection.$from.parent.isTextblock) return tr.split(tr.selection.from)
  if (kind < 0.5) return tr.deleteSelection()
  return tr.insertText([' ', 'q', 'ab cd', ' z ', '  '][Math.floor(next() * 5)] ?? 'q')
}

test('after any edits the document reads as the screen does, can be taken back, and its times run forwards', () => {
  for (let seed = 1; seed <= 120; seed += 1) {
    const next = numbers(seed)
    let document = sample
    for (let step = 0; step < 12; step += 1) {
      const made = edited(document, (state) => randomEdit(state, next))
      expect(texts(made.next)).toEqual(made.shown)
      expect(applyAll(made.next, invert(made.operations))).toEqual(document)
      for (const { words } of made.next.segments) words.forEach((word, at) => expect(word.start).toBeGreaterThanOrEqual(words[at - 1]?.start ?? 0))
      document = made.next
    }
  }
})

test('the screen follows the document', () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const next = numbers(seed)
    let document = sample
    for (let step = 0; step < 6; step += 1) {
      const made = edited(document, (state) => randomEdit(state, next))
      const state = EditorState.create({ doc: docOf(document) })
      expect(segmentNodes(patch(state, document, made.next).doc).map(String)).toEqual(segmentNodes(docOf(made.next)).map(String))
      expect(segmentNodes(patch(state, document, made.next).doc).map((node) => node.attrs)).toEqual(segmentNodes(docOf(made.next)).map((node) => node.attrs))
      document = made.next
    }
  }
})

test('a long document follows changes over many of its segments', () => {
  const many: Document = { ...sample, segments: Array.from({ length: 200 }, (_, at) => said(`s${String(at)}`, at * 10, `word ${String(at)} here`)) }
  const fewer: Document = { ...many, segments: [...many.segments.slice(0, 30), ...many.segments.slice(95).map((one) => ({ ...one, speaker: 'S2' }))] }
  for (const [from, to] of [[many, fewer], [fewer, many], [many, { ...many, segments: many.segments.slice(0, 120) }]] as const) {
    const state = EditorState.create({ doc: docOf(from) })
    expect(segmentNodes(patch(state, from, to).doc).map((node) => node.attrs)).toEqual(segmentNodes(docOf(to)).map((node) => node.attrs))
  }
})

test('words glued together stay words of their own', () => {
  const words = [' кто', '-то', ' пришёл'].map((text, at) => ({ text, start: at, end: at + 1, probability: 1 }))
  expect(editOfText(words, 'кто-то ушёл')).toEqual({ at: 2, count: 1, texts: [' ушёл'] })
  expect(editOfText(words, 'кто-то не пришёл')).toEqual({ at: 2, count: 0, texts: [' не'] })
})

test('find takes ё for е and any case; replace leaves the rest alone', () => {
  const document: Document = { segments: [said('a', 0, 'Ещё раз, еще раз'), said('b', 9, 'раздел')], speakers: [{ label: 'S1', name: null }] }
  const loose = { matchCase: false, wholeWords: false }
  expect(findAll(document, 'ЕЩЕ', loose)).toEqual([{ segment: 0, from: 0, last: 0, to: 3 }, { segment: 0, from: 9, last: 0, to: 12 }])
  expect(findAll(document, 'раз', loose)).toHaveLength(3)
  const whole = findAll(document, 'раз', { ...loose, wholeWords: true })
  expect(whole).toHaveLength(2)
  const replaced = applyAll(document, replaceHits(document, whole, 'два раза'))
  expect(texts(replaced)).toEqual(['Ещё два раза, еще два раза', 'раздел'])
  expect(replaced.segments[0]?.words[0]).toBe(document.segments[0]?.words[0])
  expect(findAll(document, '(', loose)).toEqual([])
})

describe('a phrase that runs over the border of two segments', () => {
  const loose = { matchCase: false, wholeWords: false }

  test('is found, and only as a phrase', () => {
    expect(findAll(sample, 'three four', loose)).toEqual([{ segment: 0, from: 8, last: 1, to: 4 }])
    expect(findAll(sample, 'five  SIX', loose)).toEqual([{ segment: 1, from: 5, last: 2, to: 3 }])
    expect(findAll(sample, 'threefour', loose)).toEqual([])
    expect(findAll(sample, 'five', loose)).toEqual([{ segment: 1, from: 5, last: 1, to: 9 }])
  })

  test('is replaced where its words are, each segment as many as it had', () => {
    const replaced = (query: string, by: string) => texts(applyAll(sample, replaceHits(sample, findAll(sample, query, loose), by)))
    expect(replaced('three four', '3 4')).toEqual(['one two 3', '4 five', 'six seven eight nine'])
    expect(replaced('three four', '3 4 and')).toEqual(['one two 3', '4 and five', 'six seven eight nine'])
    expect(replaced('three four five six', 'few')).toEqual(['one two few', 'seven eight nine'])
    expect(replaced('three four', '')).toEqual(['one two', 'five', 'six seven eight nine'])
  })

  test('leaves no segment without words, and undo brings those back that went', () => {
    for (const [query, left] of [['three four five six', 2], ['one two three four', 2], ['one two three four five six seven eight nine', 1]] as const) {
      const operations = replaceHits(sample, findAll(sample, query, loose), '')
      const replaced = applyAll(sample, operations)
      expect(replaced.segments, query).toHaveLength(left)
      expect(replaced.segments.at(-1)?.speaker).toBe(left === 1 ? 'S1' : 'S2')
      const back = applyAll(replaced, takeBack(sample, replaced, replaced))
      expect(texts(back)).toEqual(texts(sample))
      expect(back.segments.map(({ id, speaker }) => [id, speaker])).toEqual(sample.segments.map(({ id, speaker }) => [id, speaker]))
    }
  })

  test('at the beginning gives its place to what is behind, in its own voice', () => {
    const other = { ...sample, segments: sample.segments.map((segment, at) => (at === 0 ? { ...segment, speaker: 'S2' } : segment)) }
    const replaced = applyAll(other, replaceHits(other, findAll(other, 'one two three four', loose), ''))
    expect(texts(replaced)).toEqual(['five', 'six seven eight nine'])
    expect(replaced.segments[0]?.speaker).toBe('S1')
  })
})
