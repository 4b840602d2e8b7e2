import { describe, expect, it } from 'vitest'
import { cueAt, detour, pastSilence, roundLoop, silences } from './playback'

const word = (start: number, end: number) => ({ start, end })

describe('silence', () => {
  const segments = [{ words: [word(2, 2.5), word(3, 9)] }, { words: [word(5, 6)] }, { words: [word(10.4, 11), word(14, 15)] }]
  const gaps = silences(segments)

  it('is what lies between words for long, and before the first', () => {
    expect(gaps).toEqual([{ from: 0, to: 2 }, { from: 11, to: 14 }])
  })

  it('is not where somebody else speaks on', () => {
    expect(silences([{ words: [word(0, 20)] }, { words: [word(1, 2), word(18, 19)] }])).toEqual([])
  })

  it('is passed over once the last word has rung out, to just before the next', () => {
    expect(pastSilence(gaps, 11.1)).toBeNull()
    expect(pastSilence(gaps, 11.4)).toBe(13.75)
    expect(pastSilence(gaps, 0)).toBe(1.75)
  })

  it('is not passed over twice', () => {
    for (const gap of gaps) {
      const target = pastSilence(gaps, gap.from + 0.5) ?? Number.NaN
      for (const late of [0, 0.01, 0.1, 0.24]) expect(pastSilence(gaps, target + late)).toBeNull()
    }
    expect(pastSilence(gaps, 14.5)).toBeNull()
    expect(pastSilence([], 3)).toBeNull()
  })
})

describe('a loop', () => {
  const loop = { from: 4, to: 6 }

  it('goes back when its end is passed', () => {
    expect(roundLoop(loop, 5.9, 6.02)).toBe(4)
    expect(roundLoop(loop, 5.9, 6)).toBe(4)
  })

  it('lets playback be where it was put', () => {
    expect(roundLoop(loop, 5, 5.5)).toBeNull()
    expect(roundLoop(loop, 9, 9.1)).toBeNull()
    expect(roundLoop(null, 5.9, 6.02)).toBeNull()
  })

  it('is not left over a silence', () => {
    const gaps = [{ from: 1, to: 4 }]
    expect(detour(null, gaps, 1.9, 2)).toBe(3.75)
    expect(detour({ from: 0, to: 10 }, gaps, 1.9, 2)).toBe(3.75)
    expect(detour({ from: 0, to: 3 }, gaps, 1.9, 2)).toBeNull()
    expect(detour({ from: 0, to: 3 }, gaps, 2.9, 3)).toBe(0)
  })
})

describe('a subtitle', () => {
  const cues = [{ start: 1, end: 3 }, { start: 3, end: 4 }, { start: 8, end: 9 }]

  it('is shown from its start until its end', () => {
    expect([0.9, 1, 2.9, 3, 4, 8.5, 9].map((time) => cueAt(cues, time)?.start ?? null)).toEqual([null, 1, 1, 3, null, 8, null])
  })
})
