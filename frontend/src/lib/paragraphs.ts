import type { Segment } from '@/api/types'

export interface ParagraphWord {
  /** Number of the word in the whole transcript. */
  index: number
  /** White space before the word, kept outside of what is highlighted. */
  lead: string
  text: string
  doubtful: boolean
}

export interface Paragraph {
  key: string
  speaker: string | null
  start: number
  end: number
  segmentIds: string[]
  words: ParagraphWord[]
}

const LONGEST_SECONDS = 60
const LONGEST_WORDS = 110
const LONGEST_PAUSE = 2.5
/** Below this probability a word is tinted: worth a second listen. */
export const DOUBTFUL = 0.5

/** Consecutive segments of one speaker become a paragraph, cut at long pauses and before it grows too long to read. */
export function toParagraphs(segments: readonly Segment[]): Paragraph[] {
  const paragraphs: Paragraph[] = []
  let index = 0
  for (const segment of segments) {
    let current = paragraphs.at(-1)
    if (current === undefined || !continues(current, segment)) {
      current = { key: segment.id, speaker: segment.speaker, start: segment.start, end: segment.end, segmentIds: [], words: [] }
      paragraphs.push(current)
    }
    current.segmentIds.push(segment.id)
    current.end = segment.end
    index = appendWords(current, segment, index)
  }
  return paragraphs
}

function continues(paragraph: Paragraph, segment: Segment): boolean {
  return (
    paragraph.speaker === segment.speaker &&
    segment.start - paragraph.end <= LONGEST_PAUSE &&
    segment.end - paragraph.start <= LONGEST_SECONDS &&
    paragraph.words.length + segment.words.length <= LONGEST_WORDS
  )
}

function appendWords(paragraph: Paragraph, segment: Segment, first: number): number {
  let index = first
  for (const [position, word] of segment.words.entries()) {
    const text = word.text.trimStart()
    const spaced = text.length < word.text.length || position === 0
    paragraph.words.push({
      index,
      lead: spaced && paragraph.words.length > 0 ? ' ' : '',
      text,
      doubtful: word.probability < DOUBTFUL,
    })
    index += 1
  }
  return index
}
