import { colourIndex, colourVariable, type Colours } from '@/lib/colours'
import type { Document, Label } from '@/lib/edits'
import { talkSeconds } from './timeline'

/** A speaker as the page shows it. */
export interface Voice {
  readonly label: Label
  /** Given by somebody; null for a voice that is only numbered. */
  readonly given: string | null
  readonly name: string
  /** A CSS colour. */
  readonly colour: string
  readonly seconds: number
  /** 0 to 1 of all talk. */
  readonly share: number
}

export function colourOf(document: Document, label: Label | null, colours: Colours): string {
  return colourVariable(colourIndex(document.speakers.map((speaker) => speaker.label), label, colours))
}

/** `unnamed` says what a voice without a name is called. */
export function voicesOf(document: Document, colours: Colours, unnamed: (label: Label, position: number) => string): Voice[] {
  const seconds = talkSeconds(document)
  const whole = [...seconds.values()].reduce((sum, one) => sum + one, 0)
  return document.speakers.map(({ label, name }, position) => ({
    label,
    given: name,
    name: name ?? unnamed(label, position),
    colour: colourOf(document, label, colours),
    seconds: seconds.get(label) ?? 0,
    share: whole > 0 ? (seconds.get(label) ?? 0) / whole : 0,
  }))
}

/** Where a voice can be heard well: the start of its longest segment of up to 15 seconds, else of its longest. */
export function sampleOf(document: Document, label: Label): number | null {
  const said = document.segments.filter((segment) => segment.speaker === label && segment.words.length > 0)
  const short = said.filter((segment) => segment.end - segment.start <= 15)
  const best = (short.length > 0 ? short : said).reduce<(typeof said)[number] | null>(
    (found, one) => (!found || one.end - one.start > found.end - found.start ? one : found),
    null,
  )
  return best?.words[0]?.start ?? null
}
