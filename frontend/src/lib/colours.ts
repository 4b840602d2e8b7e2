/** Speakers have a colour by their place in the recording: the tokens `--speaker-0` … `--speaker-9` repeat after ten. */
export const SPEAKER_COLOURS = 10

export function colourIndex(labels: readonly string[], label: string | null): number | null {
  const position = label === null ? -1 : labels.indexOf(label)
  return position < 0 ? null : position % SPEAKER_COLOURS
}

export function colourVariable(index: number | null): string {
  return index === null ? 'var(--speaker-none)' : `var(--speaker-${index})`
}

export interface Span {
  speaker: string | null
  start: number
  end: number
}

/** The colour index at the middle of each of `count` bars over `duration` seconds; null where nobody speaks. */
export function barColours(
  spans: readonly Span[],
  labels: readonly string[],
  count: number,
  duration: number,
): (number | null)[] {
  const colours = new Array<number | null>(count).fill(null)
  if (duration <= 0) return colours
  for (const span of spans) {
    const first = Math.max(0, Math.ceil((span.start / duration) * count - 0.5))
    const last = Math.min(count - 1, Math.floor((span.end / duration) * count - 0.5))
    const colour = colourIndex(labels, span.speaker)
    for (let bar = first; bar <= last; bar += 1) colours[bar] = colour
  }
  return colours
}
