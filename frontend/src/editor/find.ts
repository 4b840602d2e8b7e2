import { applyAll, type Document, type Operation } from '@/lib/edits'
import { retext } from './derive'
import { layoutOf } from './text'

/** A place where the text reads what was looked for: number of the segment, characters in its text. */
export interface Hit {
  readonly segment: number
  readonly from: number
  readonly to: number
}

export interface FindOptions {
  readonly matchCase: boolean
  readonly wholeWords: boolean
}

/** Every place of `query`, in order. Case does not matter unless asked, ё is е, any white space is a space. */
export function findAll(document: Document, query: string, options: FindOptions): Hit[] {
  const pattern = patternOf(query, options)
  if (!pattern) return []
  return document.segments.flatMap((segment, at) => hitsIn(layoutOf(segment.words).text, at, pattern))
}

function hitsIn(text: string, segment: number, pattern: RegExp): Hit[] {
  return Array.from(text.matchAll(pattern), (match) => ({ segment, from: match.index, to: match.index + match[0].length }))
}

function patternOf(query: string, { matchCase, wholeWords }: FindOptions): RegExp | null {
  const wanted = query.trim()
  if (!wanted) return null
  const loose = wanted
    .replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)
    .replaceAll(/\s+/gu, String.raw`\s+`)
    .replaceAll(/[её]/g, '[её]')
    .replaceAll(/[ЕЁ]/g, '[ЕЁ]')
  const source = wholeWords ? String.raw`(?<![\p{L}\p{N}])${loose}(?![\p{L}\p{N}])` : loose
  return new RegExp(source, matchCase ? 'gv' : 'giv')
}

/** What makes the hits read `replacement`: one change, however many they are. */
export function replaceHits(document: Document, hits: readonly Hit[], replacement: string): Operation[] {
  const bySegment = new Map<number, Hit[]>()
  for (const hit of hits) bySegment.set(hit.segment, [...(bySegment.get(hit.segment) ?? []), hit])
  return [...bySegment].flatMap(([at, found]) => {
    const segment = document.segments[at]
    return segment ? retext(document, segment, replaced(layoutOf(segment.words).text, found, replacement)) : []
  })
}

function replaced(text: string, hits: readonly Hit[], replacement: string): string {
  let made = ''
  let from = 0
  for (const hit of hits) {
    made += text.slice(from, hit.from) + replacement
    from = hit.to
  }
  return made + text.slice(from)
}

/** The hit to go to from a place: the first at or behind it, from the beginning when there is none. */
export function hitFrom(hits: readonly Hit[], segment: number, offset: number): number {
  const found = hits.findIndex((hit) => hit.segment > segment || (hit.segment === segment && hit.from >= offset))
  return found < 0 ? 0 : found
}

/** The document after operations, or itself where there are none. */
export function after(document: Document, operations: readonly Operation[]): Document {
  return operations.length > 0 ? applyAll(document, operations) : document
}
