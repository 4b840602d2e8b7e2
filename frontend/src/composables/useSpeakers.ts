import { computed, ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { colourSpeaker } from '@/api/calls'
import type { Speaker } from '@/api/types'
import type { SpeakerMenuPlace } from '@/components/SpeakerMenu.vue'
import type { Faces } from '@/editor/segmentView'
import { layoutOf, wordAtOffset } from '@/editor/text'
import { colourOf, sampleOf, voicesOf, type Voice } from '@/editor/voices'
import { coloursOf, type Colours } from '@/lib/colours'
import { addSpeaker, applyAll, freshLabel, mergeSpeakers, reassign, reassignWords, removeSpeaker, rename, type Document, type Label, type Operation } from '@/lib/edits'
import { sameFields, unlessSame } from '@/lib/same'
import { usePlayer } from '@/stores/player'
import { useAttempt } from './useAttempt'
import type { TranscriptEditing } from './useTranscriptEditor'

/** What a voice without a name is called: as the service says where it knows it, else by its number. */
export function useUnnamed(known: () => readonly Speaker[]) {
  const { t } = useI18n()
  return (label: Label, position: number): string => {
    const speaker = known().find((one) => one.label === label)
    return speaker && speaker.name === null ? speaker.display : t('editor.voice', { n: /^S(\d+)$/.exec(label)?.[1] ?? position + 1 })
  }
}

/** Colours that people chose for the voices of a transcript: shown at once, kept by the service, taken back when it refuses. */
export function useColours(runId: string, speakers: () => readonly Speaker[]) {
  const attempt = useAttempt()
  const colours = ref<Colours>({})
  watch(speakers, (known) => (colours.value = coloursOf(known)), { immediate: true })

  async function choose(label: Label, colour: number): Promise<void> {
    const before = colours.value
    colours.value = { ...before, [label]: colour }
    const kept = await attempt(() => colourSpeaker(runId, label, colour))
    if (!kept) colours.value = before
  }

  return { colours, choose }
}

/** Names and colours as the segments show them. */
export function useFaces(document: () => Document, colours: () => Colours, unnamed: (label: Label, position: number) => string): Faces {
  const { t } = useI18n()
  return {
    name: (label) => {
      const position = document().speakers.findIndex((speaker) => speaker.label === label)
      const speaker = document().speakers[position]
      return speaker ? (speaker.name ?? unnamed(speaker.label, position)) : t('editor.nobody')
    },
    colour: (label) => colourOf(document(), label, colours()),
    jumpLabel: (time) => t('transcript.jump', { time }),
    speakerLabel: (name) => t('editor.speaker_button', { name }),
  }
}

/** Who says what: the list of voices, and the menu that opens in place. */
export function useSpeakers(editing: TranscriptEditing, colours: () => Colours, unnamed: (label: Label, position: number) => string) {
  const { editor, settled, selection, perform } = editing
  const player = usePlayer()
  const menu = ref<SpeakerMenuPlace | null>(null)
  let target: readonly string[] = []
  const voices = computed((before?: readonly Voice[]) => unlessSame(before, voicesOf(settled.value, colours(), unnamed), sameFields))
  const document = () => editor.value?.document ?? settled.value

  function openFor(segment: number, box: DOMRect): void {
    const said = document().segments[segment]
    if (!said) return
    target = [said.id]
    menu.value = { box, speaker: said.speaker, selection: false }
  }

  /** For what is selected, or for the segment with the caret. */
  function openHere(): void {
    const { segmentIds, text } = selection.value
    const first = document().segments.find((segment) => segment.id === segmentIds[0])
    const range = getSelection()?.rangeCount ? getSelection()?.getRangeAt(0) : undefined
    if (!first || !range) return
    target = segmentIds
    const box = range.getBoundingClientRect()
    menu.value = { box: box.height > 0 ? box : (editor.value?.element(editor.value.caretIndex())?.getBoundingClientRect() ?? box), speaker: first.speaker, selection: text !== '' }
  }

  function close(): void {
    menu.value = null
    editor.value?.focus()
  }

  function assigned(on: Document, label: Label | null): Operation[] {
    const [id] = target
    if (!menu.value?.selection || target.length !== 1 || id === undefined) return reassign(on, target, label)
    const layout = layoutOf(on.segments.find((segment) => segment.id === id)?.words ?? [])
    const { from, to } = selection.value
    return reassignWords(on, id, wordAtOffset(layout, from), wordAtOffset(layout, Math.max(from, to - 1)) + 1, label)
  }

  function add(): void {
    const label = freshLabel(document())
    const added = addSpeaker(document(), label, null)
    perform([...added, ...assigned(applyAll(document(), added), label)])
  }

  function sample(label: Label): void {
    const from = sampleOf(document(), label)
    if (from !== null) player.playFrom(from)
  }

  const faces = computed(() => voices.value.map(({ label, name, colour }) => `${label} ${name} ${colour}`).join('\n'))
  watch(faces, () => editor.value?.renamed(), { flush: 'post' })

  return {
    menu,
    voices,
    openFor,
    openHere,
    close,
    add,
    sample,
    assign: (label: Label | null) => perform(assigned(document(), label)),
    merge: (from: Label, into: Label) => perform(mergeSpeakers(document(), from, into)),
    rename: (label: Label, name: string) => perform(rename(document(), label, name)),
    remove: (label: Label) => perform(removeSpeaker(document(), label)),
  }
}
