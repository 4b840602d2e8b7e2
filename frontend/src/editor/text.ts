import type { Word } from '@/lib/edits'

/**
 * The text of a segment as it is shown: words joined, white space collapsed to one space, none at either end.
 * `starts[i] .. ends[i]` is word `i` in it, its leading space not included.
 */
export interface Layout {
  readonly text: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** White space, and what cannot be seen. */
const BLANK = /[\s\u0000-\u001f\u007f]+/gu
/** The service takes words of up to 200 characters. */
const PARTS = /[\s\S]{1,190}/gu

const layouts = new WeakMap<readonly Word[], Layout>()

/** The layout of a segment's words; remembered as long as the words live. */
export function layoutOf(words: readonly Word[]): Layout {
  const known = layouts.get(words)
  if (known) return known
  const layout = lay(words)
  layouts.set(words, layout)
  return layout
}

function lay(words: readonly Word[]): Layout {
  let text = ''
  const starts: number[] = []
  const ends: number[] = []
  for (const word of words) {
    const visible = collapse(word.text)
    if (text && visible && /^\s/.test(word.text)) text += ' '
    starts.push(text.length)
    text += visible
    ends.push(text.length)
  }
  return { text, starts, ends }
}

/** One space between words, none at the ends: what is left of white space that somebody typed. */
export function collapse(text: string): string {
  return text.replaceAll(BLANK, ' ').trim()
}

/** Number of the word at or next to `offset` of the text; -1 when there are no words. */
export function wordAtOffset(layout: Layout, offset: number): number {
  let low = 0
  let high = layout.starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((layout.starts[middle] ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1) - (layout.starts.length === 0 ? 1 : 0)
}

/**
 * Where word `at` lies in `shown`, the text on the screen, in which there may be white space that the words do not have
 * (a space just typed).
 */
export function placeInShown(layout: Layout, at: number, shown: string): [from: number, to: number] {
  const from = layout.starts[at] ?? 0
  const to = layout.ends[at] ?? from
  if (shown.length === layout.text.length) return [from, to]
  return [shownOffset(shown, from), shownOffset(shown, to - 1) + 1]
}

/** The place in `shown` of the character that has `offset` in `collapse(shown)`. */
export function shownOffset(shown: string, offset: number): number {
  let place = shown.length - shown.trimStart().length
  for (let seen = 0; seen < offset && place < shown.length; seen += 1) {
    place += 1
    if (/\s/.test(shown[place - 1] ?? '')) while (/\s/.test(shown[place] ?? '')) place += 1
  }
  return place
}

export interface TextEdit {
  /** Words `at .. at + count` give way to words with these texts, each with its own leading space. */
  readonly at: number
  readonly count: number
  readonly texts: readonly string[]
}

/** The smallest run of words to replace so that `words` read as `text`; null when they do already. */
export function editOfText(words: readonly Word[], text: string): TextEdit | null {
  const layout = layoutOf(words)
  const next = collapse(text)
  if (next === layout.text) return null
  const head = keptAhead(layout, next)
  const tail = keptBehind(words, layout, next, head)
  const from = head === 0 ? 0 : (layout.ends[head - 1] ?? 0)
  const to = tail === 0 ? next.length : next.length - (layout.text.length - (layout.starts[words.length - tail] ?? 0))
  return { at: head, count: words.length - head - tail, texts: tokens(next.slice(from, to), head > 0 || startsSpaced(words)) }
}

function startsSpaced(words: readonly Word[]): boolean {
  return words[0] === undefined || /^\s/.test(words[0].text)
}

function keptAhead(layout: Layout, next: string): number {
  let common = 0
  const most = Math.min(layout.text.length, next.length)
  while (common < most && layout.text.charCodeAt(common) === next.charCodeAt(common)) common += 1
  let kept = 0
  while (kept < layout.ends.length && endsInside(layout, next, kept, common)) kept += 1
  return kept
}

/** A word whose end is where the texts part is kept only when it has not been grown. */
function endsInside(layout: Layout, next: string, word: number, common: number): boolean {
  const end = layout.ends[word] ?? 0
  return end < common || (end === common && (end === next.length || next[end] === ' '))
}

function keptBehind(words: readonly Word[], layout: Layout, next: string, head: number): number {
  const taken = head === 0 ? 0 : (layout.ends[head - 1] ?? 0)
  const most = Math.min(layout.text.length, next.length) - taken
  let common = 0
  while (common < most && layout.text.charCodeAt(layout.text.length - 1 - common) === next.charCodeAt(next.length - 1 - common)) common += 1
  let kept = 0
  while (kept < words.length - head && startsInside(words, layout, next, words.length - 1 - kept, common)) kept += 1
  return kept
}

function startsInside(words: readonly Word[], layout: Layout, next: string, word: number, common: number): boolean {
  const length = layout.text.length - (layout.starts[word] ?? 0)
  if (length > common) return false
  const at = next.length - length
  const spaced = /^\s/.test(words[word]?.text ?? '')
  if (at === 0) return true
  return spaced ? next[at - 1] === ' ' : length < common && next[at - 1] !== ' '
}

/** Words of a text, each with one leading space; the first one has none unless `spaced`. An endless one goes in parts. */
export function tokens(text: string, spaced = true): string[] {
  const found = text.split(BLANK).filter(Boolean)
  return found.flatMap((token, place) => (place > 0 || spaced ? ` ${token}` : token).match(PARTS) ?? [])
}
