import { computed, onBeforeUnmount, ref, watch, type Ref } from 'vue'
import { findHits, normaliseWords } from '@/lib/search'
import type { WordIndex } from '@/lib/words'
import { keepInView, wordElement } from './useWordHighlight'

/** Search inside the transcript. Hits are painted by the CSS Custom Highlight API: no paragraph is rendered anew. */
export function useTranscriptSearch(index: Ref<WordIndex>) {
  const query = ref('')
  const at = ref(0)
  const words = computed(() => normaliseWords(index.value))
  const hits = computed(() => findHits(words.value, query.value))

  function range(position: number): Range | null {
    const hit = hits.value[position]
    const first = hit && wordElement(hit.first)
    const last = hit && wordElement(hit.last)
    if (!first || !last) return null
    const found = new Range()
    found.setStartBefore(first)
    found.setEndAfter(last)
    return found
  }

  function paint(): void {
    if (!('highlights' in CSS)) return
    const ranges = hits.value.map((_, position) => range(position)).filter((one) => one !== null)
    const current = range(at.value)
    CSS.highlights.set('hits', new Highlight(...ranges))
    CSS.highlights.set('hit', current ? new Highlight(current) : new Highlight())
  }

  function go(step: 1 | -1): void {
    const count = hits.value.length
    if (count === 0) return
    at.value = (at.value + step + count) % count
    show()
  }

  function show(): void {
    const hit = hits.value[at.value]
    const element = hit && wordElement(hit.first)
    if (element) keepInView(element)
  }

  watch(query, () => (at.value = 0))
  watch([hits, at], paint, { flush: 'post' })
  watch(hits, show, { flush: 'post' })
  onBeforeUnmount(() => {
    if ('highlights' in CSS) CSS.highlights.clear()
  })

  return { query, hits, at, go }
}
