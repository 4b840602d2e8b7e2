/** Kinds of sound that browsers record, the best first; the service reads them all. */
const KINDS = [
  ['audio/webm;codecs=opus', 'webm'],
  ['audio/mp4', 'm4a'],
  ['audio/ogg;codecs=opus', 'ogg'],
  ['audio/webm', 'webm'],
] as const

/** What to record as, by what the browser can; null: it records nothing. */
export function recordingKind(supported: (type: string) => boolean): { type: string; extension: string } | null {
  const found = KINDS.find(([type]) => supported(type))
  return found ? { type: found[0], extension: found[1] } : null
}

/** The file of a recorded sound. Its date is that of the recording: an upload of it that broke off is found again by it. */
export function soundFile(parts: BlobPart[], recorded: string, name: string, started: number): File {
  const [type = ''] = recorded.split(';')
  const extension = recordingKind((kind) => kind.startsWith(type))?.extension ?? 'webm'
  return new File(parts, `${name}.${extension}`, { type, lastModified: started })
}

/** Loudness from samples of -1 to 1, as a meter shows it: 0 at -54 dB and below, 1 at full scale. */
export function meterLevel(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) || Number.MIN_VALUE)
  return Math.min(1, Math.max(0, 1 + decibels / 54))
}
