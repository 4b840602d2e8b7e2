import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'
import { mediaTicket } from '@/api/calls'
import { persist } from '@/lib/persist'
import { usePlayer } from '@/stores/player'

/** Binds an <audio> element to the player store; gets a media ticket, and a new one when the old has run out. */
export function usePlayerElement(audio: Ref<HTMLAudioElement | null>, recordingId: string, duration: () => number): void {
  const player = usePlayer()
  const expires = ref(0)
  let frame = 0
  let gone = false

  async function renewTicket(): Promise<void> {
    const ticket = await mediaTicket(recordingId)
    expires.value = Date.parse(ticket.expires_at)
    const element = audio.value
    if (!element) return
    const at = player.time
    element.src = ticket.url
    element.load()
    element.playbackRate = player.rate
    if (at > 0) element.currentTime = at
  }

  /** Without the sound there is no waveform either: it is asked for until it is there. */
  async function begin(): Promise<void> {
    const failed = (is: boolean) => {
      if (!gone) player.failed = is
    }
    await persist(renewTicket, () => gone, () => failed(true)).then(() => failed(false), () => failed(true))
  }

  async function play(): Promise<void> {
    if (Date.now() > expires.value - 5000) await renewTicket()
    await audio.value?.play()
  }

  function advance(): void {
    const element = audio.value
    if (!element || element.paused) return
    const target = player.advance(element.currentTime)
    if (target !== null) element.currentTime = target
  }

  /** A loop that goes to the end of the recording is gone round as well. */
  function ended(): void {
    const { loop, duration } = player
    if (loop && loop.to >= duration - 0.5) player.playFrom(loop.from)
  }

  function tick(): void {
    advance()
    if (player.playing) frame = requestAnimationFrame(tick)
  }

  async function recover(): Promise<void> {
    const resume = player.playing
    if (Date.now() < expires.value) {
      player.failed = true
      return
    }
    await renewTicket()
    if (resume) await audio.value?.play()
  }

  function listen(element: HTMLAudioElement): void {
    element.addEventListener('play', () => {
      player.playing = true
      frame = requestAnimationFrame(tick)
    })
    element.addEventListener('pause', () => (player.playing = false))
    element.addEventListener('timeupdate', advance) // in a page that is not seen there are no frames
    element.addEventListener('ended', ended)
    element.addEventListener('seeked', () => (player.time = element.currentTime))
    element.addEventListener('loadedmetadata', () => {
      if (Number.isFinite(element.duration)) player.duration = element.duration
    })
    element.addEventListener('error', () => void recover())
  }

  onMounted(async () => {
    const element = audio.value
    if (!element) return
    player.attach(
      {
        play,
        pause: () => element.pause(),
        seek: (time) => {
          element.currentTime = time
        },
        setRate: (rate) => {
          element.playbackRate = rate
        },
      },
      duration(),
    )
    listen(element)
    const start = Number(new URLSearchParams(location.search).get('t'))
    if (start > 0) player.seek(start) // a search, or a link, leads to a second
    await begin()
  })

  onBeforeUnmount(() => {
    gone = true
    cancelAnimationFrame(frame)
    audio.value?.pause()
    player.attach(null)
  })
}
