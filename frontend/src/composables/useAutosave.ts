import { computed, onBeforeUnmount, onMounted, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { changesAfter, sendChanges } from '@/api/editing'
import { getTranscript } from '@/api/calls'
import type { Transcript } from '@/api/types'
import { Autosave, recover, type SaveState, type Transport } from '@/editor/autosave'
import { useClosingConfirmation } from '@/composables/useTelegram'
import { browserJournal, NO_JOURNAL } from '@/editor/journal'
import { layoutOf } from '@/editor/text'
import { documentOf } from '@/lib/edits'
import { useToasts } from '@/stores/toasts'

/** Milliseconds: how long the page waits with editing for what an earlier tab has left; between attempts to send that. */
const [PATIENCE, AGAIN] = [4000, 5000]

/**
 * Saves the edits of one transcript. `moved` is called when others have changed the document. `ready`: what an earlier tab
 * has left is in the document, so that nobody types into words that are about to change.
 */
export function useAutosave(transcript: Transcript, moved: () => void) {
  const { t } = useI18n()
  const toasts = useToasts()
  const own = ref<SaveState>('saved')
  /** Of what earlier tabs have left. */
  const left = ref<SaveState>('saving')
  const state = computed<SaveState>(() => (own.value === 'saved' ? left.value : own.value))
  const ready = ref(false)
  let again: ReturnType<typeof setTimeout> | undefined
  let closed = false
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
      state: (next) => (own.value = next),
      moved: (mixed) => {
        moved()
        if (mixed) toasts.show(t('editor.save.merged'))
      },
    },
    documentOf(transcript),
    transcript.version,
  )

  async function restore(): Promise<void> {
    clearTimeout(again)
    try {
      const { saved, failed } = await recover(run, journal, transport)
      if (saved > 0) {
        toasts.show(t('editor.save.restored'))
        await autosave.catchUp()
      }
      left.value = failed.length > 0 ? 'conflict' : 'saved'
    } catch {
      left.value = 'offline'
      if (!closed) again = setTimeout(() => void restore(), AGAIN)
    }
    ready.value = true
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
  const online = () => {
    void autosave.flush()
    if (left.value === 'offline') void restore()
  }
  useClosingConfirmation(() => own.value !== 'saved' && autosave.dirty)

  onMounted(() => {
    addEventListener('visibilitychange', hidden)
    addEventListener('online', online)
    void restore()
    setTimeout(() => (ready.value = true), PATIENCE)
  })
  onBeforeUnmount(() => {
    removeEventListener('visibilitychange', hidden)
    removeEventListener('online', online)
    closed = true
    clearTimeout(again)
    autosave.close()
  })

  return { autosave, state, ready, copyText }
}
