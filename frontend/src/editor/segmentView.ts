import type { Node } from 'prosemirror-model'
import type { NodeView, ViewMutationRecord } from 'prosemirror-view'
import { formatClock } from '@/lib/time'
import { attrsOf } from './schema'

/** How the page names and paints a speaker, and words the buttons. */
export interface Faces {
  readonly name: (label: string | null) => string
  readonly colour: (label: string | null) => string
  readonly jumpLabel: (time: string) => string
  readonly speakerLabel: (name: string) => string
}

/** A segment on the screen: who (shown where the speaker changes), when, and the text that ProseMirror edits. */
export class SegmentView implements NodeView {
  readonly dom = document.createElement('div')
  readonly contentDOM = document.createElement('p')
  private readonly who = button('who')
  private readonly name = document.createElement('span')
  private readonly stamp = button('stamp numbers')

  constructor(
    private node: Node,
    private readonly faces: Faces,
  ) {
    this.dom.className = 'seg'
    this.contentDOM.className = 'said'
    const dot = document.createElement('i')
    dot.setAttribute('aria-hidden', 'true')
    this.who.append(dot, this.name)
    this.dom.append(this.who, this.stamp, this.contentDOM)
    this.showSpeaker()
    this.showTime()
  }

  update(node: Node): boolean {
    if (node.type !== this.node.type) return false
    const [was, is] = [attrsOf(this.node), attrsOf(node)]
    this.node = node
    if (was.id !== is.id || was.speaker !== is.speaker) this.showSpeaker()
    if (was.start !== is.start) this.showTime()
    return true
  }

  showSpeaker(): void {
    const { id, speaker } = attrsOf(this.node)
    const name = this.faces.name(speaker)
    this.dom.dataset['id'] = id ?? ''
    this.dom.style.setProperty('--speaker', this.faces.colour(speaker))
    if (this.name.textContent === name) return
    this.name.textContent = name
    this.who.setAttribute('aria-label', this.faces.speakerLabel(name))
  }

  private showTime(): void {
    const clock = formatClock(attrsOf(this.node).start)
    this.stamp.textContent = clock
    this.stamp.setAttribute('aria-label', this.faces.jumpLabel(clock))
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target)
  }

  /** Buttons answer to the page, not to the editor. */
  stopEvent(event: Event): boolean {
    return event.target instanceof Element && event.target.closest('button') !== null
  }
}

function button(className: string): HTMLButtonElement {
  const made = document.createElement('button')
  made.type = 'button'
  made.className = className
  made.tabIndex = -1 // thousands of them: the keyboard goes by the caret
  made.contentEditable = 'false'
  return made
}
