import { onBeforeUnmount, onMounted, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { changesAfter, sendChanges } from '@/api/editing'
import { getTranscript } from '@/api/calls'
import type { Transcript } from '@/api/types'
import { Autosave, recover, type SaveState, type Transport } from '@/editor/autosave'
import { browserJournal, NO_JOURNAL } from '@/editor/journal'
import { layoutOf } from '@/editor/text'
import { documentOf } from '@/lib/edits'
import { useToasts } from '@/stores/toasts'

/** Saves the edits of one transcript. `moved` is called when others have changed the document. */
export function useAutosave(transcript: Transcript, moved: () => void) {
  const { t } = useI18n()
  const toasts = useToasts()
  const state = ref<SaveState>('saved')
  const run = transcript.run_id
  const journal = 'indexedDB' in globalThis ? browserJournal() : NO_JOURNAL
  const transport: Transport = {
    send: (version, changes) => sendChanges(run, version, changes),
    since: (version) => changesAfter(run, version),
    load: async () => {
      const fresh = await getTranscript(run)
      return { document: documentOf(fresh), version: fresh.version }
    },
  }
  const autosave = new Autosave(
    {
      run,
      transport,
      journal,
      state: (next) => (state.value = next),
      moved: (mixed) => {
        moved()
        if (mixed) toasts.show(t('editor.save.merged'))
      },
    },
    documentOf(transcript),
    transcript.version,
  )

  async function restore(): Promise<void> {
    const { saved, failed } = await recover(run, journal, transport)
    if (saved > 0) {
      toasts.show(t('editor.save.restored'))
      autosave.look()
    }
    if (failed.length > 0) state.value = 'conflict'
  }

  /** The whole text, for somebody who wants it out before anything else. */
  async function copyText(): Promise<void> {
    await navigator.clipboard.writeText(autosave.document.segments.map(({ words }) => layoutOf(words).text).join('\n'))
    toasts.show(t('editor.save.copied'))
  }

  const hidden = () => {
    if (document.hidden) void autosave.flush()
    else autosave.look()
  }
  const online = () => void autosave.flush()

  onMounted(() => {
    addEventListener('visibilitychange', hidden)
    addEventListener('online', online)
    void restore().catch(() => undefined) // without the network: the next opening tries again
  })
  onBeforeUnmount(() => {
    removeEventListener('visibilitychange', hidden)
    removeEventListener('online', online)
    autosave.close()
  })

  return { autosave, state, copyText }
}
