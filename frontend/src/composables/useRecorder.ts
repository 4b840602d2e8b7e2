import { onScopeDispose, ref } from 'vue'
import { meterLevel, recordingKind, soundFile } from '@/lib/recorder'
import { TakeKeeper } from '@/lib/takeKeeper'
import { takes } from '@/lib/takes'

const PIECE_MS = 1000

export type RecorderProblem = 'denied' | 'missing' | 'failed'

/** A recording that has ended, and the name it is stored by until it is on its way. */
export interface Recorded {
  readonly id: string
  readonly file: File
}

export function canRecord(): boolean {
  return typeof MediaRecorder !== 'undefined' && Boolean(navigator.mediaDevices?.getUserMedia) && recordingKind((type) => MediaRecorder.isTypeSupported(type)) !== null
}

function problemOf(error: unknown): RecorderProblem {
  const name = error instanceof DOMException ? error.name : ''
  return name === 'NotAllowedError' || name === 'SecurityError' ? 'denied' : name === 'NotFoundError' ? 'missing' : 'failed'
}

/**
 * A recording of `owner` from the microphone: its length without pauses, its level, and at the end a file. It is stored as it
 * comes (`unkept`: it is not); only `discard` forgets it, whatever else ends it leaves it for the library to offer.
 */
export function useRecorder(owner: string) {
  const state = ref<'idle' | 'recording' | 'paused'>('idle')
  const seconds = ref(0)
  const level = ref(0)
  const unkept = ref(false)
  /** The microphone has gone: there is what was recorded before, and no more. */
  const cut = ref(false)
  const problem = ref<RecorderProblem | null>(null)
  let recorder: MediaRecorder | null = null
  let context: AudioContext | null = null
  let keeper: TakeKeeper | null = null
  let pieces: Blob[] = []
  let [id, started] = ['', 0]
  let frame = 0
  let [ran, since] = [0, 0]

  /** Seconds; pictures are not drawn in a window behind others, so they cannot be counted by. */
  const length = () => ran + (state.value === 'recording' ? (performance.now() - since) / 1000 : 0)

  async function start(): Promise<void> {
    const kind = recordingKind((type) => MediaRecorder.isTypeSupported(type))
    if (!kind || recorder) return
    problem.value = null
    cut.value = false
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } })
      begin(new MediaRecorder(stream, { mimeType: kind.type }), kind.type)
      watchLevel(stream)
    } catch (error) {
      problem.value = problemOf(error)
      void release()
    }
  }

  function begin(made: MediaRecorder, type: string): void {
    ;[id, started, ran, since, pieces] = [crypto.randomUUID(), Date.now(), 0, performance.now(), []]
    const kept = new TakeKeeper(takes(), { id, owner, started, type, seconds: 0 }, (safe) => {
      unkept.value = !safe
    })
    made.ondataavailable = ({ data }) => {
      if (data.size === 0) return
      pieces.push(data)
      kept.add(data, length())
    }
    made.onerror = () => {
      problem.value = 'failed'
    }
    for (const track of made.stream.getTracks()) track.addEventListener('ended', cutOff)
    ;[recorder, keeper] = [made, kept]
    made.start(PIECE_MS)
    state.value = 'recording'
  }

  function watchLevel(stream: MediaStream): void {
    context = new AudioContext()
    const analyser = context.createAnalyser()
    context.createMediaStreamSource(stream).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    const look = () => {
      seconds.value = length()
      analyser.getFloatTimeDomainData(samples)
      level.value = state.value === 'recording' ? meterLevel(samples) : 0
      frame = requestAnimationFrame(look)
    }
    frame = requestAnimationFrame(look)
  }

  /** Unplugged, or no longer allowed. */
  function cutOff(): void {
    if (state.value === 'recording') pause()
    cut.value = state.value === 'paused'
  }

  function pause(): void {
    if (recorder?.state === 'recording') recorder.pause() // it stops by itself when its microphone goes
    ran = length()
    state.value = 'paused'
  }

  function resume(): void {
    recorder?.resume()
    since = performance.now()
    state.value = 'recording'
  }

  /** What was recorded, for the upload to look after; null where that is nothing. */
  async function finish(name: string): Promise<Recorded | null> {
    const ending = recorder
    if (!ending) return null
    await stopped(ending)
    await keeper?.settled()
    const made = pieces.length > 0 ? { id, file: soundFile(pieces, ending.mimeType, name, started) } : null
    keeper = null
    await release()
    return made
  }

  /** Settled when the library can offer what is there. */
  async function release(): Promise<void> {
    cancelAnimationFrame(frame)
    const [ending, kept] = [recorder, keeper]
    const closing = context?.close()
    recorder = context = keeper = null
    if (ending) {
      await stopped(ending)
      for (const track of ending.stream.getTracks()) track.stop()
    }
    await Promise.all([kept?.leave(), closing])
    pieces = []
    state.value = 'idle'
    level.value = 0
  }

  async function discard(): Promise<void> {
    const dropped = keeper
    keeper = null
    await release()
    dropped?.drop()
    await dropped?.settled()
  }

  onScopeDispose(() => void release())
  return { state, seconds, level, unkept, cut, problem, start, pause, resume, finish, leave: release, discard }
}

/** Its last piece has come. */
async function stopped(recorder: MediaRecorder): Promise<void> {
  if (recorder.state === 'inactive') return
  await new Promise<void>((resolve) => {
    recorder.onstop = () => resolve()
    recorder.stop()
  })
}
