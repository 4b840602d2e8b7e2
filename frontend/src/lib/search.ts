import type { WordIndex } from './words'

/** A hit: numbers of its first and last word. */
export interface Hit {
  first: number
  last: number
}

/** Lower case, ё as е, punctuation gone: what a person means by "the same word". */
export function normalise(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Every place where the words of `query` follow one another; its last word may be the beginning of a longer one. */
export function findHits(words: readonly string[], query: string): Hit[] {
  const wanted = normalise(query).split(' ').filter(Boolean)
  if (wanted.length === 0) return []
  const hits: Hit[] = []
  for (let first = 0; first + wanted.length <= words.length; first += 1) {
    const matches = wanted.every((part, offset) => {
      const word = words[first + offset] ?? ''
      return offset === wanted.length - 1 ? startsInside(word, part, wanted.length === 1) : word === part
    })
    if (matches) hits.push({ first, last: first + wanted.length - 1 })
  }
  return hits
}

function startsInside(word: string, part: string, anywhere: boolean): boolean {
  return anywhere ? word.includes(part) : word.startsWith(part)
}

export function normaliseWords(index: WordIndex): string[] {
  return index.texts.map(normalise)
}
