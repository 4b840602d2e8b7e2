import { computed } from 'vue'
import { countDoubtful, nextDoubtful, playAt } from '@/editor/timeline'
import { confirmWord } from '@/lib/edits'
import { usePlayer } from '@/stores/player'
import { bringIntoView, type TranscriptEditing } from './useTranscriptEditor'

/** Stepping through the words that were recognised with doubt. */
export function useDoubts({ editor, settled, perform }: TranscriptEditing) {
  const player = usePlayer()
  const count = computed(() => countDoubtful(settled.value))

  /** Selects the next one, shows it and gets the player ready there. */
  function go(direction: 1 | -1): void {
    const found = editor.value && nextDoubtful(editor.value.document, editor.value.wordAtCaret(), direction)
    const element = found && editor.value?.element(found[0])
    if (!editor.value || !found || !element) return
    bringIntoView(element, editor.value.wordRange(...found))
    editor.value.focus()
    editor.value.selectWord(...found)
    const time = playAt(editor.value.document, found)
    if (time !== null) player.seek(time)
  }

  /** The word at the caret is right as it is. */
  function confirm(): void {
    if (!editor.value) return
    const [at, word] = editor.value.wordAtCaret()
    const segment = editor.value.document.segments[at]
    if (segment) perform(confirmWord(editor.value.document, segment.id, word))
  }

  return { count, go, confirm }
}
