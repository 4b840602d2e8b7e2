import { onBeforeUnmount, watch, type Ref } from 'vue'
import { wordAt, type WordIndex } from '@/lib/words'
import { usePlayer } from '@/stores/player'

const SCROLL_REST_MS = 4000

export function wordElement(word: number): HTMLElement | null {
  return document.getElementById(`w${word}`)
}

/** Lights the spoken word. Only the two words concerned are touched: nothing is rendered anew during playback. */
export function useWordHighlight(index: Ref<WordIndex>, follow: Ref<boolean>): void {
  const player = usePlayer()
  let lit = -1
  let touched = 0

  const rest = () => (touched = performance.now())
  addEventListener('wheel', rest, { passive: true })
  addEventListener('touchmove', rest, { passive: true })
  onBeforeUnmount(() => {
    removeEventListener('wheel', rest)
    removeEventListener('touchmove', rest)
  })

  function light(word: number): void {
    if (word === lit) return
    wordElement(lit)?.classList.remove('spoken')
    lit = word
    const element = wordElement(word)
    element?.classList.add('spoken')
    if (element && follow.value && player.playing && performance.now() - touched > SCROLL_REST_MS) keepInView(element)
  }

  watch(() => player.time, (time) => light(wordAt(index.value, time)), { flush: 'sync' })
  watch(index, () => {
    lit = -1
    light(wordAt(index.value, player.time))
  }, { flush: 'post' })
}

/** Scrolls only when the word leaves the middle band of the window: reading stays calm. */
export function keepInView(element: HTMLElement): void {
  const { top, bottom } = element.getBoundingClientRect()
  if (top > innerHeight * 0.18 && bottom < innerHeight * 0.62) return
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  element.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' })
}
