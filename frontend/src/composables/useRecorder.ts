import { onScopeDispose, ref } from 'vue'
import { meterLevel, recordingKind } from '@/lib/recorder'

const PIECE_MS = 1000

export type RecorderProblem = 'denied' | 'missing' | 'failed'

export function canRecord(): boolean {
  return typeof MediaRecorder !== 'undefined' && Boolean(navigator.mediaDevices?.getUserMedia) && recordingKind((type) => MediaRecorder.isTypeSupported(type)) !== null
}

function problemOf(error: unknown): RecorderProblem {
  const name = error instanceof DOMException ? error.name : ''
  return name === 'NotAllowedError' || name === 'SecurityError' ? 'denied' : name === 'NotFoundError' ? 'missing' : 'failed'
}

/** A recording from the microphone: its length without pauses, its level, and at the end a file. */
export function useRecorder() {
  const state = ref<'idle' | 'recording' | 'paused'>('idle')
  const seconds = ref(0)
  const level = ref(0)
  const problem = ref<RecorderProblem | null>(null)
  let recorder: MediaRecorder | null = null
  let context: AudioContext | null = null
  let pieces: Blob[] = []
  let frame = 0
  let last = 0

  async function start(): Promise<void> {
    const kind = recordingKind((type) => MediaRecorder.isTypeSupported(type))
    if (!kind || recorder) return
    problem.value = null
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } })
      pieces = []
      seconds.value = 0
      recorder = new MediaRecorder(stream, { mimeType: kind.type })
      recorder.ondataavailable = (event) => event.data.size > 0 && pieces.push(event.data)
      recorder.onerror = () => {
        problem.value = 'failed'
      }
      recorder.start(PIECE_MS)
      state.value = 'recording'
      watchLevel(stream)
    } catch (error) {
      problem.value = problemOf(error)
      release()
    }
  }

  function watchLevel(stream: MediaStream): void {
    context = new AudioContext()
    const analyser = context.createAnalyser()
    context.createMediaStreamSource(stream).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    last = performance.now()
    const look = (now: number) => {
      if (state.value === 'recording') seconds.value += (now - last) / 1000
      last = now
      analyser.getFloatTimeDomainData(samples)
      level.value = state.value === 'recording' ? meterLevel(samples) : 0
      frame = requestAnimationFrame(look)
    }
    frame = requestAnimationFrame(look)
  }

  function pause(): void {
    recorder?.pause()
    state.value = 'paused'
  }

  function resume(): void {
    recorder?.resume()
    state.value = 'recording'
  }

  /** The file of what was recorded; null where that is nothing. */
  async function finish(name: string): Promise<File | null> {
    const ending = recorder
    if (!ending) return null
    if (ending.state !== 'inactive') {
      await new Promise<void>((resolve) => {
        ending.onstop = () => resolve()
        ending.stop()
      })
    }
    const [type = ''] = ending.mimeType.split(';')
    const extension = recordingKind((kind) => kind.startsWith(type))?.extension ?? 'webm'
    const made = pieces.length > 0 ? new File(pieces, `${name}.${extension}`, { type }) : null
    release()
    return made
  }

  function release(): void {
    cancelAnimationFrame(frame)
    if (recorder) {
      recorder.onstop = null
      if (recorder.state !== 'inactive') recorder.stop()
      for (const track of recorder.stream.getTracks()) track.stop()
    }
    void context?.close()
    recorder = context = null
    pieces = []
    state.value = 'idle'
    level.value = 0
  }

  onScopeDispose(release)
  return { state, seconds, level, problem, start, pause, resume, finish, discard: release }
}
