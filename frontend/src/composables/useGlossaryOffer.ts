import { onBeforeUnmount } from 'vue'
import { useI18n } from 'vue-i18n'
import { addToGlossary } from '@/api/editing'
import { fixedName, nameIn } from '@/editor/names'
import type { Document, Operation } from '@/lib/edits'
import { asProblem } from '@/lib/problems'
import { useToasts } from '@/stores/toasts'
import { useMessages } from './useMessages'

/** A word counts as finished when the keys have rested this long, milliseconds. */
const REST = 2500

/** Whoever fixes a name is offered to have it recognised right next time. Each name is offered once. */
export function useGlossaryOffer(document: () => Document) {
  const { t } = useI18n()
  const { problemText } = useMessages()
  const toasts = useToasts()
  const offered = new Set<string>()
  let first: { segment: string; at: number; text: string } | null = null
  let resting: ReturnType<typeof setTimeout> | undefined

  function typed(operations: readonly Operation[]): void {
    const [operation] = operations
    const before = operation?.type === 'replace' && operations.length === 1 ? operation.before[0] : undefined
    if (operation?.type !== 'replace' || !before || operation.after.length !== 1) return
    if (first?.segment !== operation.segment || first.at !== operation.at) first = { segment: operation.segment, at: operation.at, text: before.text }
    clearTimeout(resting)
    resting = setTimeout(finish, REST)
  }

  function finish(): void {
    const now = document().segments.find((segment) => segment.id === first?.segment)?.words[first?.at ?? 0]
    const name = first && now ? fixedName(first.text, now.text) : null
    first = null
    if (name) offer(name)
  }

  function offer(term: string): void {
    const name = nameIn(term)
    if (name === null || offered.has(name)) return
    offered.add(name)
    toasts.show(t('editor.glossary.offer', { term: name }), { seconds: 10, action: { label: t('editor.glossary.add'), run: () => void add(name) } })
  }

  async function add(term: string): Promise<void> {
    try {
      await addToGlossary(term)
      toasts.show(t('editor.glossary.added', { term }))
    } catch (error) {
      toasts.show(problemText(asProblem(error)), { tone: 'error' })
    }
  }

  onBeforeUnmount(() => clearTimeout(resting))
  return { typed, offer }
}
