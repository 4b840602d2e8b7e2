import { DOUBTFUL } from '@/lib/paragraphs'
import type { TranscriptEditor } from './editor'
import type { Hit } from './find'

type Name = 'doubtful' | 'hits' | 'hit' | 'spoken'

/** Paints words without touching the text: `CSS.highlights`, over what is on the screen and a little more. */
export class Marks {
  private hits: readonly Hit[] = []
  private current: Hit | null = null
  private spoken: readonly [segment: number, word: number] | null = null
  private first = 0
  private last = 60
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

  /** Paints at the next frame. `moved`: other segments may be on the screen. */
  refresh(moved = false): void {
    if (moved) this.stale = true
    if (this.asked) return
    this.asked = requestAnimationFrame(() => {
      this.asked = 0
      if (this.stale) this.findVisible()
      this.paint()
    })
  }

  private stale = true

  private findVisible(): void {
    this.stale = false
    ;[this.first, this.last] = this.editor.between(-200, innerHeight + 200)
  }

  private paint(): void {
    this.painter('doubtful', this.doubtful())
    const seen = this.hits.filter((hit) => hit.segment >= this.first && hit.segment < this.last && hit !== this.current)
    this.painter('hits', ranges(seen.map((hit) => this.editor.range(hit.segment, hit.from, hit.to))))
    const { current } = this
    this.painter('hit', ranges([current && this.editor.range(current.segment, current.from, current.to)]))
    this.paintSpoken()
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

const painted = new Map<Name, Highlight>()

function paintHighlight(name: Name, marked: readonly Range[]): void {
  let highlight = painted.get(name)
  if (!highlight) {
    highlight = new Highlight()
    highlight.priority = name === 'spoken' || name === 'hit' ? 2 : 0
    painted.set(name, highlight)
  }
  CSS.highlights.set(name, highlight)
  highlight.clear()
  for (const range of marked) highlight.add(range)
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
