import { onBeforeUnmount, watch } from 'vue'
import { useRoute } from 'vue-router'
import { segmentAt } from '@/editor/timeline'
import { recall, remember } from '@/lib/storage'
import { usePlayer } from '@/stores/player'
import type { useFind } from './useFind'
import { reveal, type TranscriptEditing } from './useTranscriptEditor'

/** Milliseconds without scrolling after which the place is remembered. */
const REST = 300

/**
 * Where the page opens: at the second `t` of its address, with the words `q` found there; else where it was left in this
 * window. `begin` is called when the text is on the screen.
 */
export function useOpening(recordingId: string, { editor, settled }: TranscriptEditing, find: ReturnType<typeof useFind>) {
  const route = useRoute()
  const player = usePlayer()
  const key = `stenogram.place.${recordingId}`
  let resting: ReturnType<typeof setTimeout> | undefined

  function begin(): void {
    const time = secondOf(route.query['t'])
    if (time !== null) goTo(time)
    else restore()
    addEventListener('scroll', scrolled, { passive: true })
  }

  function goTo(time: number): void {
    const segment = Math.max(0, segmentAt(settled.value, time))
    const hit = typeof route.query['q'] === 'string' ? find.open(route.query['q'], segment) : null
    reveal(() => (hit && editor.value?.range(hit.segment, hit.from, hit.from)?.getBoundingClientRect()) ?? boxOf(segment))
  }

  function restore(): void {
    const segment = settled.value.segments.findIndex(({ id }) => id === recall(key, 'visit'))
    if (segment > 0) reveal(() => boxOf(segment))
  }

  function boxOf(segment: number): DOMRect | null {
    return editor.value?.element(segment)?.getBoundingClientRect() ?? null
  }

  function scrolled(): void {
    clearTimeout(resting)
    resting = setTimeout(() => {
      const [segment] = editor.value?.between(innerHeight * 0.3, innerHeight) ?? [0]
      remember(key, settled.value.segments[segment]?.id ?? null, 'visit')
    }, REST)
  }

  watch(() => route.query['t'], (next) => {
    const time = secondOf(next)
    if (time === null || !editor.value) return
    player.seek(time)
    goTo(time)
  })
  onBeforeUnmount(() => {
    clearTimeout(resting)
    removeEventListener('scroll', scrolled)
  })

  return { begin }
}

function secondOf(value: unknown): number | null {
  const time = typeof value === 'string' && value !== '' ? Number(value) : NaN
  return Number.isFinite(time) && time >= 0 ? time : null
}
