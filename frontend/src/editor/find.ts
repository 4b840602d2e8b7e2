import { applyAll, mergeWithNext, reassign, type Document, type Operation } from '@/lib/edits'
import { lastAtOrBefore } from '@/lib/words'
import { retext, Steps } from './derive'
import { layoutOf, tokens } from './text'

/** A place where the text reads what was looked for: from a character of segment `segment` to one of segment `last`. */
export interface Hit {
  readonly segment: number
  readonly from: number
  readonly last: number
  readonly to: number
}

/** What of a hit lies in one segment: characters of its text. */
export interface HitPart {
  readonly segment: number
  readonly from: number
  readonly to: number
}

export interface FindOptions {
  readonly matchCase: boolean
  readonly wholeWords: boolean
}

/**
 * Every place of `query`, in order. Case does not matter unless asked, ё is е, any white space is a space, and so is the
 * border of two segments.
 */
export function findAll(document: Document, query: string, options: FindOptions): Hit[] {
  const pattern = patternOf(query, options)
  if (!pattern) return []
  const { text, starts } = wholeOf(document)
  return Array.from(text.matchAll(pattern), ({ index, 0: found }) => {
    const [segment, last] = [lastAtOrBefore(starts, index), lastAtOrBefore(starts, index + found.length)]
    return { segment, from: index - (starts[segment] ?? 0), last, to: index + found.length - (starts[last] ?? 0) }
  })
}

/** The segments that a hit touches, and what of it lies in each. */
export function partsOf(document: Document, { segment, from, last, to }: Hit): HitPart[] {
  return document.segments.slice(segment, last + 1).map(({ words }, place) => ({
    segment: segment + place,
    from: place === 0 ? from : 0,
    to: segment + place === last ? to : layoutOf(words).text.length,
  }))
}

interface Whole {
  /** Texts of the segments, one a line. */
  readonly text: string
  /** Where each begins. */
  readonly starts: Float64Array
}

const wholes = new WeakMap<Document, Whole>()

function wholeOf(document: Document): Whole {
  const known = wholes.get(document)
  if (known) return known
  const texts = document.segments.map(({ words }) => layoutOf(words).text)
  let end = 0
  const starts = Float64Array.from(texts, (text) => (end += text.length + 1) - text.length - 1)
  const whole = { text: texts.join('\n'), starts }
  wholes.set(document, whole)
  return whole
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
  const bySegment = new Map<number, Fresh[]>()
  for (const hit of hits) {
    for (const part of shared(document, hit, replacement)) bySegment.set(part.segment, [...(bySegment.get(part.segment) ?? []), part])
  }
  const operations = [...bySegment].flatMap(([at, parts]) => {
    const segment = document.segments[at]
    return segment ? retext(document, segment, replaced(layoutOf(segment.words).text, parts)) : []
  })
  const over = hits.filter(({ segment, last }) => last > segment).flatMap(({ segment, last }) => document.segments.slice(segment, last + 1))
  const ids = new Set(over.filter(({ words }) => words.length > 0).map(({ id }) => id))
  return ids.size > 0 ? [...operations, ...withoutEmpty(applyAll(document, operations), [...ids])] : operations
}

/** Those of these segments (in order) that have no words go: into the one before, at the beginning into the one behind, which keeps its voice. */
function withoutEmpty(document: Document, ids: readonly string[]): Operation[] {
  const steps = new Steps(document)
  for (const id of [...ids].reverse()) {
    const { segments } = steps.document
    const at = segments.findIndex((segment) => segment.id === id)
    if (at < 0 || segments.length === 1 || (segments[at]?.words.length ?? 0) > 0) continue
    const [before, behind] = [segments[at - 1], segments[at + 1]]
    steps.add(mergeWithNext(steps.document, before?.id ?? id))
    if (!before && behind) steps.add(reassign(steps.document, [id], behind.speaker))
  }
  return steps.operations
}

interface Fresh extends HitPart {
  readonly text: string
}

/** Over a border the new words go where the old ones were, as many into each segment as it had; the last takes the rest. */
function shared(document: Document, hit: Hit, replacement: string): Fresh[] {
  const parts = partsOf(document, hit)
  if (parts.length === 1) return parts.map((part) => ({ ...part, text: replacement }))
  const left = tokens(replacement)
  return parts.map((part, place) => {
    const said = layoutOf(document.segments[part.segment]?.words ?? []).text.slice(part.from, part.to)
    const count = place === parts.length - 1 ? left.length : tokens(said).length
    return { ...part, text: left.splice(0, count).join('').trimStart() }
  })
}

function replaced(text: string, parts: readonly Fresh[]): string {
  let made = ''
  let from = 0
  for (const part of parts) {
    made += text.slice(from, part.from) + part.text
    from = part.to
  }
  return made + text.slice(from)
}

/** The hit to go to from a place: the first at or behind it, from the beginning when there is none. */
export function hitFrom(hits: readonly Hit[], segment: number, offset: number): number {
  const found = hits.findIndex((hit) => hit.segment > segment || (hit.segment === segment && hit.from >= offset))
  return found < 0 ? 0 : found
}
