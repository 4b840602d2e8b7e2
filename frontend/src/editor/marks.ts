import { DOUBTFUL } from '@/lib/paragraphs'
import type { TranscriptEditor } from './editor'
import { partsOf, type Hit } from './find'

type Name = 'doubtful' | 'hits' | 'hit' | 'spoken'

/**
 * How far beyond the window words are marked, pixels. Whatever changes in the text, the browser lays out every mark anew: the
 * fewer there are, the cheaper is a keystroke.
 */
const BEYOND = 240

/** Paints words without touching the text: `CSS.highlights`, over what is on the screen and a little more. */
export class Marks {
  private hits: readonly Hit[] = []
  private current: Hit | null = null
  private spoken: readonly [segment: number, word: number] | null = null
  private first = 0
  private last = 0
  private asked = 0
  private readonly painter = 'highlights' in CSS ? paintHighlight : paintBoxes
  private readonly moved = () => this.refresh(true)

  constructor(private readonly editor: TranscriptEditor) {
    addEventListener('scroll', this.moved, { passive: true, capture: true })
    addEventListener('resize', this.moved, { passive: true })
    this.refresh(true)
  }

  destroy(): void {
    cancelAnimationFrame(this.asked)
    removeEventListener('scroll', this.moved, { capture: true })
    removeEventListener('resize', this.moved)
    for (const name of ['doubtful', 'hits', 'hit', 'spoken'] as const) this.painter(name, [])
  }

  setHits(hits: readonly Hit[], current: Hit | null): void {
    this.hits = hits
    this.current = current
    this.refresh()
  }

  /** Only this mark is painted anew: playback does so many times a second. */
  setSpoken(place: readonly [segment: number, word: number] | null): void {
    this.spoken = place
    this.paintSpoken()
  }

  /** Paints at the next frame. `moved`: the text is the same, other segments of it may be on the screen. */
  refresh(moved = false): void {
    if (!moved) this.changed = true
    if (this.asked) return
    this.asked = requestAnimationFrame(() => {
      this.asked = 0
      if (!this.findVisible() && !this.changed) return
      this.changed = false
      this.paint()
    })
  }

  private changed = true

  /** Whether other segments than before are on the screen. */
  private findVisible(): boolean {
    const [first, last] = this.editor.between(-BEYOND, innerHeight + BEYOND)
    const other = first !== this.first || last !== this.last
    ;[this.first, this.last] = [first, last]
    return other
  }

  private paint(): void {
    this.painter('doubtful', this.doubtful())
    const seen = this.hits.filter((hit) => hit.last >= this.first && hit.segment < this.last && hit !== this.current)
    this.painter('hits', seen.flatMap((hit) => this.rangesOf(hit)))
    this.painter('hit', this.current ? this.rangesOf(this.current) : [])
    this.paintSpoken()
  }

  private rangesOf(hit: Hit): Range[] {
    return ranges(partsOf(this.editor.document, hit).map(({ segment, from, to }) => this.editor.range(segment, from, to)))
  }

  private paintSpoken(): void {
    this.painter('spoken', ranges([this.spoken && this.editor.wordRange(...this.spoken)]))
  }

  private doubtful(): Range[] {
    const found: (Range | null)[] = []
    const { segments } = this.editor.document
    for (let at = this.first; at < this.last; at += 1) {
      segments[at]?.words.forEach((word, place) => {
        if (word.probability < DOUBTFUL) found.push(this.editor.wordRange(at, place))
      })
    }
    return ranges(found)
  }
}

function ranges(found: readonly (Range | null)[]): Range[] {
  return found.filter((range) => range !== null)
}

const highlights = new Map<Name, Highlight>()

function highlightOf(name: Name): Highlight {
  const known = highlights.get(name)
  if (known) return known
  const made = new Highlight()
  made.priority = name === 'spoken' || name === 'hit' ? 2 : 0
  highlights.set(name, made)
  CSS.highlights.set(name, made)
  return made
}

/** Ranges move with the text that is typed: those that lie where they should are left alone, or the browser paints all of them anew. */
function paintHighlight(name: Name, marked: readonly Range[]): void {
  const highlight = highlightOf(name)
  const missing = [...marked]
  for (const range of [...highlight]) {
    const at = missing.findIndex((one) => same(one, range))
    if (at < 0) highlight.delete(range)
    else missing.splice(at, 1)
  }
  for (const range of missing) highlight.add(range)
}

function same(one: AbstractRange, other: AbstractRange): boolean {
  return one.startContainer === other.startContainer && one.startOffset === other.startOffset && one.endOffset === other.endOffset
}

/** Browsers without highlights: boxes behind the text. */
function paintBoxes(name: Name, marked: readonly Range[]): void {
  const layer = document.querySelector<HTMLElement>('[data-marks]')
  if (!layer) return
  for (const old of layer.querySelectorAll(`.${name}`)) old.remove()
  const { left, top } = layer.getBoundingClientRect()
  for (const box of marked.flatMap((range) => [...range.getClientRects()])) {
    const mark = document.createElement('i')
    mark.className = name
    Object.assign(mark.style, { left: `${String(box.left - left)}px`, top: `${String(box.top - top)}px`, width: `${String(box.width)}px`, height: `${String(box.height)}px` })
    layer.append(mark)
  }
}
