import { onBeforeUnmount, watch, type Ref } from 'vue'
import { spokenAt, type WordPlace } from '@/editor/timeline'
import { usePlayer } from '@/stores/player'
import { bringIntoView, type TranscriptEditing } from './useTranscriptEditor'

/** After somebody scrolls, playback leaves the page where it is for this long, milliseconds. */
const SCROLL_REST = 4000

/** Lights the word that is heard and, with `follow`, keeps it on the screen. One mark moves: nothing is rendered anew. */
export function useSpokenWord({ editor, marks, settled }: TranscriptEditing, follow: Ref<boolean>): void {
  const player = usePlayer()
  let lit: WordPlace | null = null
  let touched = -Infinity

  const rest = () => (touched = performance.now())
  addEventListener('wheel', rest, { passive: true })
  addEventListener('touchmove', rest, { passive: true })
  onBeforeUnmount(() => {
    removeEventListener('wheel', rest)
    removeEventListener('touchmove', rest)
  })

  function light(time: number): void {
    const document = editor.value?.document
    if (!document) return
    const place = time > 0 || player.playing ? spokenAt(document, time) : null
    if (place?.[0] === lit?.[0] && place?.[1] === lit?.[1]) return
    lit = place
    marks.value?.setSpoken(place)
    if (place && follow.value && player.playing && performance.now() - touched > SCROLL_REST) show(place)
  }

  function show([segment, word]: WordPlace): void {
    const element = editor.value?.element(segment)
    if (element) bringIntoView(element, editor.value?.wordRange(segment, word) ?? null)
  }

  watch(() => player.time, light, { flush: 'sync' })
  watch(follow, (on) => {
    touched = -Infinity
    if (on && lit) show(lit)
  })
  watch(settled, () => {
    lit = null
    light(player.time)
  })
}
