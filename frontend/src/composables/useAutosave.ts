import { computed, onBeforeUnmount, onMounted, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { changesAfter, sendChanges } from '@/api/editing'
import { getTranscript } from '@/api/calls'
import { followEdits } from '@/api/events'
import type { Transcript } from '@/api/types'
import { Autosave, type SaveState } from '@/editor/autosave'
import { browserJournal } from '@/editor/browserJournal'
import { useClosingConfirmation } from '@/composables/useTelegram'
import { NO_JOURNAL } from '@/editor/journal'
import { Leavings } from '@/editor/leavings'
import { refusedText } from '@/editor/refused'
import { layoutOf } from '@/editor/text'
import type { Transport } from '@/editor/transport'
import { documentOf } from '@/lib/edits'
import { useToasts } from '@/stores/toasts'

/** Milliseconds: how long the page waits with editing for what an earlier tab has left; between looks for what tabs leave. */
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
  let again: ReturnType<typeof setInterval> | undefined
  let collecting = false
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

  const leavings = new Leavings(run, journal, transport)

  /** Over and over: a tab may die beside this one, and the browser takes a moment to notice. */
  async function restore(): Promise<void> {
    if (collecting) return
    collecting = true
    try {
      if ((await leavings.collect()) > 0) {
        toasts.show(t('editor.save.restored'))
        await autosave.catchUp()
      }
      left.value = leavings.refused.length > 0 ? 'conflict' : 'saved'
    } catch {
      left.value = 'offline'
    }
    collecting = false
    ready.value = true
  }

  /** What the service did not take, for somebody who wants it out before anything else: what an earlier tab left, else the whole text. */
  async function copyText(): Promise<void> {
    const refused = leavings.refused.map(refusedText).filter(Boolean).join('\n')
    const whole = () => autosave.document.segments.map(({ words }) => layoutOf(words).text).join('\n')
    await navigator.clipboard.writeText(own.value === 'conflict' ? [whole(), refused].filter(Boolean).join('\n\n') : refused || whole())
    toasts.show(t('editor.save.copied'))
  }

  /** Goes on without what was refused. */
  async function discardLeft(): Promise<void> {
    await leavings.discard()
    await restore()
  }

  /** Only a page that is seen has a line open: browsers allow six to one host, for all tabs together. */
  let hangUp: (() => void) | undefined
  function listen(): void {
    hangUp?.()
    hangUp = document.hidden ? undefined : followEdits(run, (version) => void autosave.told(version))
  }

  const hidden = () => {
    listen()
    if (document.hidden) void autosave.flush()
    else autosave.look()
  }
  const online = () => {
    void autosave.flush()
    void restore()
  }
  useClosingConfirmation(() => own.value !== 'saved' && autosave.dirty)

  onMounted(() => {
    addEventListener('visibilitychange', hidden)
    addEventListener('online', online)
    listen()
    void restore()
    again = setInterval(() => void restore(), AGAIN)
    setTimeout(() => (ready.value = true), PATIENCE)
  })
  onBeforeUnmount(() => {
    removeEventListener('visibilitychange', hidden)
    removeEventListener('online', online)
    clearInterval(again)
    hangUp?.()
    autosave.close()
  })

  return { autosave, state, ready, copyText, discardLeft, refused: computed(() => left.value === 'conflict' && own.value !== 'conflict') }
}
