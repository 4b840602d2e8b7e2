import { computed, onMounted, ref, shallowRef } from 'vue'
import { suggestNames } from '@/api/calls'
import type { Voice } from '@/editor/voices'
import { recall, remember } from '@/lib/storage'
import { useAttempt } from './useAttempt'

type Suggestion = Awaited<ReturnType<typeof suggestNames>>[number]

/** Names by voices of earlier recordings, for voices that have none yet; those that were refused stay away in this browser. */
export function useSuggestions(runId: string, voices: () => readonly Voice[]) {
  const attempt = useAttempt()
  const key = `stenogram.refused.${runId}`
  const found = shallowRef<readonly Suggestion[]>([])
  const refused = ref(new Set((recall(key) ?? '').split('\n')))
  const idOf = ({ label, name }: Suggestion) => `${label} ${name}`

  const shown = computed(() => {
    const nameless = new Set(voices().filter((voice) => voice.given === null && voice.seconds > 0).map((voice) => voice.label))
    return new Map(found.value.filter((one) => nameless.has(one.label) && !refused.value.has(idOf(one))).map((one) => [one.label, one]))
  })

  function refuse(label: string): void {
    const one = shown.value.get(label)
    if (!one) return
    refused.value = new Set([...refused.value, idOf(one)])
    remember(key, [...refused.value].filter(Boolean).join('\n'))
  }

  onMounted(async () => {
    if (voices().some((voice) => voice.given === null)) found.value = (await attempt(() => suggestNames(runId))) ?? []
  })

  return { suggestions: shown, refuse }
}
