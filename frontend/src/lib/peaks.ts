/** Peaks resampled to `count` bars: the highest of those that fall into each bar, scaled so that the loudest is 1. */
export function resamplePeaks(peaks: readonly number[], count: number): Float32Array {
  const bars = new Float32Array(count)
  if (peaks.length === 0) return bars
  let loudest = 0
  for (let bar = 0; bar < count; bar += 1) {
    const from = Math.floor((bar * peaks.length) / count)
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / count))
    let highest = 0
    for (let at = from; at < to && at < peaks.length; at += 1) highest = Math.max(highest, peaks[at] ?? 0)
    bars[bar] = highest
    loudest = Math.max(loudest, highest)
  }
  return loudest > 0 ? bars.map((bar) => bar / loudest) : bars
}
