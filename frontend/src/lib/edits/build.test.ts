import { describe, expect, it } from 'vitest'

import {
  addSpeaker,
  applyAll,
  confirmWord,
  documentOf,
  EditInvalid,
  freshLabel,
  invert,
  merge,
  mergeSpeakers,
  mergeWithNext,
  rebase,
  reassign,
  reassignWords,
  rename,
  replaceBetween,
  replaceWords,
  retime,
  splitAt,
  splitOffSpeaker,
  takeBack,
  type Document,
  type Operation,
  type Segment,
} from '.'

function line(id: string, start: number, speaker: string | null, ...texts: string[]): Segment {
  const words = texts.map((text, at) => ({ text, start: start + at, end: start + at + 1, probability: 0.5 }))
  return { id, speaker, start, end: start + texts.length, words }
}

const BASE: Document = {
  segments: [line('a', 0, 'S1', ' one', ' two', ' three'), line('b', 5, 'S2', 'four', ' five'), line('c', 9, 'S1', ' six')],
  speakers: [
    { label: 'S1', name: 'Anna' },
    { label: 'S2', name: null },
  ],
}

function texts(document: Document): string[] {
  return document.segments.map((segment) => segment.words.map((word) => word.text).join(''))
}

/** The document after the operations, which can be taken back exactly. */
function done(operations: readonly Operation[], document = BASE): Document {
  const after = applyAll(document, operations)
  expect(applyAll(after, invert(operations))).toEqual(document)
  return after
}

describe('words', () => {
  it('keep the span of what they replace, and are certain', () => {
    const after = done(replaceWords(BASE, 'a', 1, 1, [' zwei']))
    expect(after.segments[0]?.words[1]).toEqual({ text: ' zwei', start: 1, end: 2, probability: 1 })
    expect(after.segments[1]).toBe(BASE.segments[1])
    expect(after.segments[0]?.words[0]).toBe(BASE.segments[0]?.words[0])
  })

  it('that stay are not sent', () => {
    const [operation] = replaceWords(BASE, 'a', 0, 3, [' one', ' 2', ' three'])
    expect(operation).toMatchObject({ at: 1, before: [{ text: ' two' }], after: [{ text: ' 2' }], ends: null })
    expect(replaceWords(BASE, 'a', 0, 3, [' one', ' two', ' three'])).toEqual([])
  })

  it('typed behind the last one take their time from the pause, not from the next segment', () => {
    const [operation] = replaceWords(BASE, 'a', 3, 0, [' end'])
    expect(operation?.after[0]?.start).toBe(3)
    expect(operation?.after[0]?.end).toBeCloseTo(3.32)
    expect(done(operation ? [operation] : []).segments[0]?.end).toBeCloseTo(3.32)
  })

  it('typed before the first one stand right in front of it', () => {
    const after = done(replaceWords(BASE, 'b', 0, 0, [' so']))
    expect(after.segments[1]?.words[0]?.end).toBe(5)
    expect(after.segments[1]?.start).toBeCloseTo(4.76)
  })

  it('may all go and come back', () => {
    const empty = done(replaceWords(BASE, 'a', 0, 3, []))
    expect(empty.segments[0]).toMatchObject({ words: [], start: 0, end: 3 })
    expect(texts(done(replaceWords(empty, 'a', 0, 0, [' neu', ' da']), empty))[0]).toBe(' neu da')
  })

  it('are found right as they are', () => {
    expect(done(confirmWord(BASE, 'a', 0)).segments[0]?.words[0]?.probability).toBe(1)
  })

  it('get other times', () => {
    const after = done(retime(BASE, 'a', 2, [[2.5, 4]]))
    expect(after.segments[0]).toMatchObject({ end: 4 })
    expect(() => applyAll(BASE, retime(BASE, 'a', 1, [[2.5, 2.6]]))).toThrow(EditInvalid)
  })

  it('are replaced over several segments, which become one', () => {
    const after = done(replaceBetween(BASE, { segment: 'a', at: 1 }, { segment: 'c', at: 0 }, [' x']))
    expect(texts(after)).toEqual([' one x six'])
  })
})

describe('segments', () => {
  it('are split at a word and joined again, with a space where there was none', () => {
    expect(texts(done(splitAt(BASE, 'a', 1, 'n')))).toEqual([' one', ' two three', 'four five', ' six'])
    expect(texts(done(mergeWithNext(BASE, 'a')))).toEqual([' one two three four five', ' six'])
    expect(mergeWithNext(BASE, 'c')).toEqual([])
  })

  it.each([0, 3])('are split at an end: at %i', (at) => {
    expect(done(splitAt(BASE, 'a', at, 'n')).segments).toHaveLength(4)
  })

  it('are given to another speaker, whole or a few words of them', () => {
    expect(done(reassign(BASE, ['a', 'b'], 'S2')).segments.map((segment) => segment.speaker)).toEqual(['S2', 'S2', 'S1'])
    const after = done(reassignWords(BASE, 'a', 1, 2, 'S2'))
    expect(after.segments.map((segment) => [segment.speaker, segment.words.length])).toEqual([
      ['S1', 1],
      ['S2', 1],
      ['S1', 1],
      ['S2', 2],
      ['S1', 1],
    ])
  })
})

describe('speakers', () => {
  it('are named, made one, and told apart', () => {
    expect(done(rename(BASE, 'S2', '  Boris  B ')).speakers[1]?.name).toBe('Boris B')
    expect(rename(BASE, 'S1', 'Anna')).toEqual([])
    const one = done(mergeSpeakers(BASE, 'S2', 'S1'))
    expect([one.speakers.length, one.segments[1]?.speaker]).toEqual([1, 'S1'])
    expect(freshLabel(BASE)).toBe('S3')
    const three = done(splitOffSpeaker(BASE, ['c'], 'S3', 'Vera'))
    expect([three.speakers[2]?.name, three.segments[2]?.speaker]).toEqual(['Vera', 'S3'])
    expect(done(addSpeaker(BASE, 'S3', ' ')).speakers[2]?.name).toBeNull()
  })
})

describe('undo', () => {
  it('takes back one change, whatever has happened since', () => {
    const mine = applyAll(BASE, replaceWords(BASE, 'a', 0, 1, [' eins']))
    const since = applyAll(mine, [...replaceWords(mine, 'a', 2, 1, [' drei']), ...replaceWords(mine, 'b', 0, 1, [' vier'])])
    expect(texts(applyAll(since, takeBack(BASE, mine, since)))).toEqual([' one two drei', ' vier five', ' six'])
    expect(takeBack(BASE, mine, BASE)).toEqual([])
  })
})

describe('two tabs', () => {
  it('keep what both have typed', () => {
    const mine = replaceWords(BASE, 'a', 1, 1, [' mein'])
    const theirs = applyAll(BASE, replaceWords(BASE, 'a', 1, 1, [' dein']))
    const [[change], document] = rebase([{ id: 'm', operations: mine }], BASE, theirs)
    expect(texts(document)[0]).toBe(' one dein mein three')
    expect(applyAll(theirs, change?.operations ?? [])).toEqual(document)
  })

  it('share what neither has touched', () => {
    const mine = applyAll(BASE, replaceWords(BASE, 'a', 0, 1, [' eins']))
    const theirs = applyAll(BASE, replaceWords(BASE, 'c', 0, 1, [' sechs']))
    const both = merge(BASE, mine, theirs)
    expect(both.segments).toEqual([mine.segments[0], BASE.segments[1], theirs.segments[2]])
    expect(both.segments[1]).toBe(BASE.segments[1])
  })
})

describe('a large transcript', () => {
  const large: Document = {
    segments: Array.from({ length: 4500 }, (_, at) => line(`s${String(at)}`, at * 20, 'S1', ...Array.from({ length: 10 }, (_, n) => ` w${String(n)}`))),
    speakers: BASE.speakers,
  }
  const fastest = (act: () => unknown): number => {
    const times = Array.from({ length: 7 }, () => {
      const start = performance.now()
      act()
      return performance.now() - start
    })
    return Math.min(...times)
  }

  it('takes a typed letter within a frame, and 500 replacements at once', () => {
    expect(fastest(() => applyAll(large, replaceWords(large, 's2000', 3, 1, [' x'])))).toBeLessThan(8)
    const many = large.segments.slice(0, 500).flatMap((segment) => replaceWords(large, segment.id, 5, 1, [' x']))
    expect(fastest(() => applyAll(large, many))).toBeLessThan(100)
  })

  it('is compared and merged without looking at what is untouched', () => {
    const mine = applyAll(large, replaceWords(large, 's2000', 3, 1, [' x']))
    const theirs = applyAll(large, replaceWords(large, 's2000', 7, 1, [' y']))
    expect(fastest(() => merge(large, mine, theirs))).toBeLessThan(100)
  })
})

describe('a transcript as the service sends it', () => {
  it('becomes a document in which times do not run backwards', () => {
    const [segment] = documentOf({ segments: [{ ...line('a', 2, null, ' b', ' c'), words: [...line('a', 2, null, ' b').words, ...line('a', 1, null, ' c').words] }], speakers: [] }).segments
    expect(segment?.words.map((word) => [word.start, word.end])).toEqual([
      [2, 3],
      [2, 3],
    ])
  })
})
