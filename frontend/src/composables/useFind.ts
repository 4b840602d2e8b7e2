import { computed, reactive, ref, watch } from 'vue'
import { findAll, hitFrom, replaceHits, type Hit } from '@/editor/find'
import { bringIntoView, type TranscriptEditing } from './useTranscriptEditor'

/** Find and replace inside the transcript. Replacing all is one change, and one step of undo. */
export function useFind({ editor, marks, settled, perform }: TranscriptEditing) {
  const query = ref('')
  const replacement = ref('')
  const options = reactive({ matchCase: false, wholeWords: false })
  const at = ref(0)
  const hits = computed(() => findAll(settled.value, query.value, options))
  const current = computed<Hit | null>(() => hits.value[at.value] ?? null)
  /** The segment from which on is looked for: the first on the screen when somebody begins to write. */
  let origin = 0

  function go(step: 1 | -1): void {
    const count = hits.value.length
    if (count === 0) return
    at.value = (at.value + step + count) % count
    show()
  }

  function show(): void {
    const hit = current.value
    const element = hit && editor.value?.element(hit.segment)
    if (hit && element) bringIntoView(element, editor.value?.range(hit.segment, hit.from, hit.to) ?? null)
  }

  /** Replaces the hit that is shown and goes to the next. */
  function replaceOne(): void {
    const hit = current.value
    if (!hit || !editor.value) return
    replaceAndSettle([hit])
    at.value = hitFrom(hits.value, hit.segment, hit.from + replacement.value.trim().length)
    show()
  }

  /** Answers how many were replaced. */
  function replaceAll(): number {
    const count = hits.value.length
    replaceAndSettle(hits.value)
    return count
  }

  function replaceAndSettle(wanted: readonly Hit[]): void {
    const document = editor.value?.document
    if (!document) return
    perform(replaceHits(document, document === settled.value ? wanted : findAll(document, query.value, options), replacement.value))
    settled.value = editor.value?.document ?? settled.value
  }

  /** Looks for `words` from a segment on, unless they are not there at all; answers the hit. */
  function open(words: string, segment: number): Hit | null {
    const found = findAll(settled.value, words, options)
    if (found.length === 0) return null
    query.value = words
    origin = segment
    return found[hitFrom(found, segment, 0)] ?? null
  }

  watch(query, (_, before) => {
    if (before === '') origin = editor.value?.between(0, innerHeight)[0] ?? 0
  }, { flush: 'sync' })
  watch([query, options], () => {
    at.value = hitFrom(hits.value, origin, 0)
    show()
  })
  watch([hits, at], () => {
    if (at.value >= hits.value.length) at.value = 0
    marks.value?.setHits(hits.value, current.value)
  })

  return { query, replacement, options, at, hits, open, go, replaceOne, replaceAll }
}
