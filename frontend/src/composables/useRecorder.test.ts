import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { useRecorder } from './useRecorder'

vi.mock('@/lib/takes', () => ({ takes: () => null }))
vi.mock('@/lib/takeKeeper', () => ({
  TakeKeeper: class {
    add = () => undefined
    leave = () => Promise.resolve()
    settled = () => Promise.resolve()
    drop = () => undefined
  },
}))

/** A microphone that can be unplugged. */
const track = Object.assign(new EventTarget(), { stop: () => undefined })

class Recorder {
  static isTypeSupported = () => true
  static readonly made: Recorder[] = []
  state: 'inactive' | 'recording' | 'paused' = 'inactive'
  mimeType = 'audio/webm'
  ondataavailable: ((piece: { data: Blob }) => void) | null = null
  onstop: (() => void) | null = null
  constructor(readonly stream: unknown) {
    Recorder.made.push(this)
  }

  start = () => (this.state = 'recording')
  pause = () => (this.state = 'paused')
  resume = () => (this.state = 'recording')
  stop = () => {
    this.state = 'inactive'
    this.onstop?.()
  }
}

let scope: EffectScope

beforeEach(() => {
  vi.useFakeTimers()
  scope = effectScope()
  vi.stubGlobal('MediaRecorder', Recorder)
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => Promise.resolve({ getTracks: () => [track] }) } })
  vi.stubGlobal('requestAnimationFrame', (look: () => void) => setTimeout(look, 16))
  vi.stubGlobal('cancelAnimationFrame', clearTimeout)
  vi.stubGlobal('AudioContext', class {
    createAnalyser = () => ({ fftSize: 8, getFloatTimeDomainData: () => undefined })
    createMediaStreamSource = () => ({ connect: () => undefined })
    close = () => Promise.resolve()
  })
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('a microphone that is unplugged stops the clock, and what was recorded is there', async () => {
  const recorder = scope.run(() => useRecorder('anna'))
  if (!recorder) throw new Error('no scope')
  await recorder.start()
  await vi.advanceTimersByTimeAsync(3000)
  const [made] = Recorder.made
  made?.ondataavailable?.({ data: new Blob(['sound']) })
  made?.stop() // as the browser does when the last track has ended
  track.dispatchEvent(new Event('ended'))
  expect([recorder.state.value, recorder.cut.value]).toEqual(['paused', true])
  const at = recorder.seconds.value
  expect(at).toBeGreaterThan(2)
  await vi.advanceTimersByTimeAsync(5000)
  expect(recorder.seconds.value).toBeCloseTo(at, 1)
  expect((await recorder.finish('Meeting'))?.file.size).toBe(5)
})
