import { onBeforeUnmount, onMounted, watch } from 'vue'
import { usePlayer } from '@/stores/player'

/** How far the keys of a keyboard, a headset or a lock screen jump, seconds. */
const JUMP = 10
const ACTIONS = ['play', 'pause', 'seekbackward', 'seekforward', 'seekto'] as const

/** Tells the system what plays, and lets its media keys play, pause and seek. */
export function useMediaSession(title: () => string): void {
  if (!('mediaSession' in navigator)) return
  const session = navigator.mediaSession
  const player = usePlayer()

  function handle(details: MediaSessionActionDetails): void {
    if (details.action === 'play') player.play()
    else if (details.action === 'pause') player.pause()
    else if (details.action === 'seekbackward') player.seek(player.time - (details.seekOffset ?? JUMP))
    else if (details.action === 'seekforward') player.seek(player.time + (details.seekOffset ?? JUMP))
    else if (details.seekTime !== undefined) player.seek(details.seekTime)
  }

  function bind(handler: MediaSessionActionHandler | null): void {
    for (const action of ACTIONS) {
      try {
        session.setActionHandler(action, handler)
      } catch (error) {
        if (!(error instanceof TypeError)) throw error // a browser that does not know this action
      }
    }
  }

  function showPosition(): void {
    if (player.duration <= 0) return
    session.setPositionState({ duration: player.duration, playbackRate: player.rate, position: Math.min(player.time, player.duration) })
  }

  onMounted(() => bind(handle))
  watch(title, (value) => (session.metadata = new MediaMetadata({ title: value, artist: 'Stenogram' })), { immediate: true })
  watch([() => player.playing, () => player.rate, () => player.duration, () => Math.floor(player.time / JUMP)], () => {
    session.playbackState = player.playing ? 'playing' : 'paused'
    showPosition()
  })
  onBeforeUnmount(() => {
    bind(null)
    session.metadata = null
    session.playbackState = 'none'
  })
}
