import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { detour, type Bounds } from '@/lib/playback'

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const

/** What an element that plays must be able to do; the store never touches the DOM. */
export interface Playable {
  play: () => Promise<void>
  pause: () => void
  seek: (time: number) => void
  setRate: (rate: number) => void
}

/** Playback state, apart from the media element that `usePlayerElement` binds to it. */
export const usePlayer = defineStore('player', () => {
  const time = ref(0)
  const duration = ref(0)
  const playing = ref(false)
  const rate = ref(1)
  const failed = ref(false)
  /** What is played round and round. */
  const loop = shallowRef<Bounds | null>(null)
  /** The silences that are passed over. */
  const gaps = shallowRef<readonly Bounds[]>([])
  let element: Playable | null = null

  function attach(playable: Playable | null, seconds = 0): void {
    element = playable
    time.value = 0
    duration.value = seconds
    playing.value = false
    failed.value = false
    loop.value = null
    gaps.value = []
    playable?.setRate(rate.value)
  }

  function play(): void {
    element?.play().catch(() => {
      playing.value = false // refused by the browser (no gesture yet) or overtaken by a pause
    })
  }

  function pause(): void {
    element?.pause()
  }

  function toggle(): void {
    if (playing.value) pause()
    else play()
  }

  function seek(to: number): void {
    const target = Math.min(Math.max(0, to), duration.value || to)
    time.value = target
    element?.seek(target)
  }

  function playFrom(to: number): void {
    seek(to)
    play()
  }

  /** Round and round, from its beginning unless playback is inside already; null ends it. */
  function setLoop(bounds: Bounds | null): void {
    loop.value = bounds
    if (bounds && (time.value < bounds.from || time.value >= bounds.to)) seek(bounds.from)
  }

  /** Playback has come to `now`: where it has to go on instead, or null. */
  function advance(now: number): number | null {
    const target = detour(loop.value, gaps.value, time.value, now)
    time.value = target ?? now
    return target
  }

  function setRate(value: number): void {
    rate.value = value
    element?.setRate(value)
  }

  function stepRate(direction: 1 | -1): void {
    const position = RATES.indexOf(rate.value as (typeof RATES)[number])
    const next = RATES[Math.min(RATES.length - 1, Math.max(0, position + direction))]
    if (next !== undefined) setRate(next)
  }

  return { time, duration, playing, rate, failed, loop, gaps, attach, play, pause, toggle, seek, playFrom, setLoop, advance, setRate, stepRate }
})
