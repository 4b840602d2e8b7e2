import { describe, expect, it } from 'vitest'
import type { Document } from '@/lib/edits'
import { partOfSelection, partOfTime } from './parts'

const word = (text: string, start: number) => ({ text, start, end: start + 0.5, probability: 1 })
const document: Document = {
  speakers: [],
  segments: [
    { id: 'a', speaker: null, start: 10, end: 12.5, words: [word(' Good', 10), word(' morning', 11), word(' all', 12)] },
    { id: 'b', speaker: null, start: 20, end: 21.5, words: [word(' Shall', 20), word(' we', 21)] },
  ],
}

describe('the part of a selection', () => {
  it('goes by the times of its words, not by places in the text', () => {
    expect(partOfSelection(document, { segmentIds: ['a'], from: 5, to: 12, text: 'morning' })).toMatchObject({ from: 11, to: 11.5 })
  })

  it('takes a word of which some is selected', () => {
    expect(partOfSelection(document, { segmentIds: ['a'], from: 7, to: 14, text: 'rning a' })).toMatchObject({ from: 11, to: 12.5 })
  })

  it('goes over segments', () => {
    expect(partOfSelection(document, { segmentIds: ['a', 'b'], from: 13, to: 5, text: 'all Shall' })).toEqual({ from: 12, to: 20.5, segmentIds: ['a', 'b'], text: 'all Shall' })
  })

  it('is none for a caret, or for blanks', () => {
    expect(partOfSelection(document, { segmentIds: ['a'], from: 4, to: 4, text: '' })).toBeNull()
    expect(partOfSelection(document, { segmentIds: ['a'], from: 4, to: 5, text: ' ' })).toBeNull()
  })
})

describe('the part of a time', () => {
  it('has the words whose middle lies inside, and its own bounds', () => {
    expect(partOfTime(document, 11.2, 20.6)).toEqual({ from: 11.2, to: 20.6, segmentIds: ['a', 'b'], text: 'morning all\nShall' })
  })

  it('has no words in silence', () => {
    expect(partOfTime(document, 13, 19)).toEqual({ from: 13, to: 19, segmentIds: [], text: '' })
  })
})
