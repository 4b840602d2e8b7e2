import { expect, it } from 'vitest'
import { meterLevel, recordingKind, soundFile } from './recorder'

it('records as what the browser can', () => {
  expect(recordingKind(() => true)).toEqual({ type: 'audio/webm;codecs=opus', extension: 'webm' })
  expect(recordingKind((type) => type === 'audio/mp4')).toEqual({ type: 'audio/mp4', extension: 'm4a' })
  expect(recordingKind(() => false)).toBeNull()
})

it('makes the same file of the same recording, whenever', () => {
  const file = soundFile(['sound'], 'audio/mp4;codecs=mp4a.40.2', 'Запись', 5)
  expect([file.name, file.type, file.lastModified, file.size]).toEqual(['Запись.m4a', 'audio/mp4', 5, 5])
  expect(soundFile([], 'audio/unknown', 'n', 0).name).toBe('n.webm')
})

it('shows loudness on a scale of decibels', () => {
  expect(meterLevel(new Float32Array(8))).toBe(0)
  expect(meterLevel(new Float32Array(8).fill(1))).toBe(1)
  expect(meterLevel(new Float32Array(8).fill(0.1))).toBeCloseTo(1 - 20 / 54)
  expect(meterLevel(new Float32Array(0))).toBe(0)
})
