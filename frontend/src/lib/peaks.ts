import { SPEAKER_COLOURS } from './colours'

/** The peaks so that the loudest is 1; of silence they stay 0. */
export function levels(peaks: readonly number[]): Float32Array<ArrayBuffer> {
  const loudest = peaks.reduce((highest, peak) => Math.max(highest, peak), 0)
  return Float32Array.from(peaks, (peak) => (loudest > 0 ? peak / loudest : 0))
}

/** `count` bars: the highest of those peaks that fall into each. */
export function resamplePeaks(peaks: ArrayLike<number>, count: number): Float32Array {
  const bars = new Float32Array(count)
  for (let bar = 0; bar < count; bar += 1) {
    const from = Math.floor((bar * peaks.length) / count)
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / count))
    for (let at = from; at < to && at < peaks.length; at += 1) bars[bar] = Math.max(bars[bar] ?? 0, peaks[at] ?? 0)
  }
  return bars
}

/**
 * Colours as a second channel of the sound: wavesurfer hands each canvas its stretch of every channel, and nothing else
 * that would tell which stretch it is. Values lie within 0..1; 0 is nobody.
 */
export function colourChannel(colours: readonly (number | null)[]): Float32Array<ArrayBuffer> {
  const channel = new Float32Array(colours.length)
  colours.forEach((colour, at) => (channel[at] = colour === null ? 0 : (colour + 1) / SPEAKER_COLOURS))
  return channel
}

/** The colour index that a value of `colourChannel` stands for. */
export function colourOfValue(value: number): number | null {
  return value > 0 ? Math.round(value * SPEAKER_COLOURS) - 1 : null
}

/** The channels of one canvas as bars, `step` pixels from one to the next, around the middle line. */
export function paintBars(channels: readonly ArrayLike<number>[], context: CanvasRenderingContext2D, palette: ReadonlyMap<number | null, string>, step: number): void {
  const { width, height } = context.canvas
  const [heights = [], colours = []] = channels
  const count = Math.max(1, Math.round(width / step))
  resamplePeaks(heights, count).forEach((bar, at) => {
    const size = Math.max(step / 2, bar * (height - step / 2))
    const middle = Math.floor(((at + 0.5) * colours.length) / count)
    context.fillStyle = palette.get(colourOfValue(colours[middle] ?? 0)) ?? palette.get(null) ?? 'currentColor'
    context.beginPath()
    context.roundRect(at * step, (height - size) / 2, step * 0.62, size, step * 0.3)
    context.fill()
  })
}
