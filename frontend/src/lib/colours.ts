/** Colours that people chose, by label: numbers of the tokens `--speaker-n`. */
export type Colours = Readonly<Record<string, number>>

export function coloursOf(speakers: readonly { readonly label: string; readonly colour: number | null }[]): Colours {
  return Object.fromEntries(speakers.flatMap(({ label, colour }) => (colour === null ? [] : [[label, colour]])))
}

/** Speakers have the colour that was chosen, else one by their place: the tokens `--speaker-0` … `--speaker-9` repeat after ten. */
export const SPEAKER_COLOURS = 10

export function colourIndex(labels: readonly string[], label: string | null, chosen: Colours = {}): number | null {
  if (label === null) return null
  const position = labels.indexOf(label)
  return position < 0 ? null : (chosen[label] ?? position) % SPEAKER_COLOURS
}

export function colourVariable(index: number | null): string {
  return index === null ? 'var(--speaker-none)' : `var(--speaker-${index})`
}

export interface Span {
  speaker: string | null
  start: number
  end: number
}

/** The same person at the same time: whatever is said there, it is drawn alike. */
export function sameSpan(one: Span, other: Span): boolean {
  return one.speaker === other.speaker && one.start === other.start && one.end === other.end
}

/** The colour index at the middle of each of `count` bars over `duration` seconds; null where nobody speaks. */
export function barColours(
  spans: readonly Span[],
  colourOf: (label: string | null) => number | null,
  count: number,
  duration: number,
): (number | null)[] {
  const colours = new Array<number | null>(count).fill(null)
  if (duration <= 0) return colours
  for (const span of spans) {
    const first = Math.max(0, Math.ceil((span.start / duration) * count - 0.5))
    const last = Math.min(count - 1, Math.floor((span.end / duration) * count - 0.5))
    const colour = colourOf(span.speaker)
    for (let bar = first; bar <= last; bar += 1) colours[bar] = colour
  }
  return colours
}
