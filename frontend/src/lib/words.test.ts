import { describe, expect, it } from 'vitest'
import type { Segment } from '@/api/types'
import { toParagraphs } from './paragraphs'
import { findHits, normalise, normaliseWords } from './search'
import { indexWords, lastAtOrBefore, seekInto, wordAt } from './words'

function segment(id: string, speaker: string | null, words: [string, number, number, number?][]): Segment {
  return {
    id,
    speaker,
    start: words[0]?.[1] ?? 0,
    end: words.at(-1)?.[2] ?? 0,
    text: words.map(([text]) => text).join('').trim(),
    words: words.map(([text, start, end, probability = 1]) => ({ text, start, end, probability })),
  }
}

const SEGMENTS = [
  segment('a', 'S1', [[' Доброе', 1, 1.4], [' утро,', 1.4, 2], [' коллеги.', 2, 2.6]]),
  segment('b', 'S1', [[' Ещё', 3, 3.3, 0.2], ['-то', 3.3, 3.5]]),
  segment('c', 'S2', [[' Да.', 9, 9.4]]),
]

describe('wordAt', () => {
  const index = indexWords(SEGMENTS)
  it.each([
    [0.5, -1],
    [1, 0],
    [1.39, 0],
    [1.4, 1],
    [2.59, 2],
    [2.9, 2], // a breath
    [2.97, -1], // a pause
    [3.4, 4],
    [9.2, 5],
    [60, -1],
  ])('at %s s it is word %s', (time, word) => expect(wordAt(index, time)).toBe(word))

  it('seeks to where the word itself is found', () => {
    for (let word = 0; word < index.texts.length; word += 1) expect(wordAt(index, seekInto(index, word))).toBe(word)
  })

  it('finds the same as looking through all of them', () => {
    const starts = Array.from({ length: 500 }, (_, at) => at * 0.7)
    for (let time = -1; time < 360; time += 0.31) {
      expect(lastAtOrBefore(starts, time)).toBe(starts.filter((start) => start <= time).length - 1)
    }
  })
})

describe('toParagraphs', () => {
  it('joins what one speaker says and keeps every word in order', () => {
    const paragraphs = toParagraphs(SEGMENTS)
    expect(paragraphs.map((one) => [one.speaker, one.segmentIds])).toEqual([['S1', ['a', 'b']], ['S2', ['c']]])
    expect(paragraphs.flatMap((one) => one.words.map((word) => word.index))).toEqual([0, 1, 2, 3, 4, 5])
    expect(paragraphs[0]?.words.map((word) => word.lead + word.text).join('')).toBe('Доброе утро, коллеги. Ещё-то')
    expect(paragraphs[0]?.words.filter((word) => word.doubtful).map((word) => word.text)).toEqual(['Ещё'])
  })

  it('cuts at a long pause and before a paragraph grows too long', () => {
    const paused = [segment('a', 'S1', [[' a', 0, 1]]), segment('b', 'S1', [[' b', 4, 5]])]
    expect(toParagraphs(paused)).toHaveLength(2)
    const long = Array.from({ length: 40 }, (_, at) => segment(`s${at}`, 'S1', [[' слово', at * 5, at * 5 + 4]]))
    for (const paragraph of toParagraphs(long)) expect(paragraph.end - paragraph.start).toBeLessThanOrEqual(60)
  })
})

describe('search', () => {
  const words = normaliseWords(indexWords(SEGMENTS))
  it('takes ё for е, and ignores case and punctuation', () => {
    expect(normalise('Ещё, РАЗ!')).toBe('еще раз')
    expect(findHits(words, 'ЕЩЕ')).toEqual([{ first: 3, last: 3 }])
  })
  it('finds phrases, their last word unfinished', () => {
    expect(findHits(words, 'утро колл')).toEqual([{ first: 1, last: 2 }])
    expect(findHits(words, 'оллег')).toEqual([{ first: 2, last: 2 }])
    expect(findHits(words, 'утр колл')).toEqual([])
    expect(findHits(words, ' … ')).toEqual([])
  })
})
