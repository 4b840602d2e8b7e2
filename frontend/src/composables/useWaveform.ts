import type WaveSurfer from 'wavesurfer.js'
import type { Region } from 'wavesurfer.js/dist/plugins/regions.esm.js'
import { onBeforeUnmount, shallowRef, watch, type Ref } from 'vue'
import { colourVariable, SPEAKER_COLOURS } from '@/lib/colours'
import { paintBars } from '@/lib/peaks'
import type { Bounds } from '@/lib/playback'

/** CSS pixels of a bar, and between two. */
const BAR = 2.5
const GAP = 1.5
export const STEP = BAR + GAP
/** The shortest part that the handles leave, seconds. */
const SHORTEST = 0.1
const PART = 'part'

/** The region that shows the part. */
export type PartRegion = Pick<Region, 'start' | 'end' | 'element' | 'resize' | 'setOptions' | 'remove'>

export interface WaveformSource {
  host: Ref<HTMLElement | null>
  media: () => HTMLMediaElement | null
  /** Heights and colours, see `colourChannel`; equally long. */
  channels: () => Float32Array[]
  duration: () => number
  /** Scrolls with the playhead. */
  follow: () => boolean
}

export interface WaveformEvents {
  seek: (time: number) => void
  /** The part that was dragged over, moved or stretched; null: a new one begins. */
  select: (part: Bounds | null) => void
  drawn: (width: number) => void
}

/** Its playhead goes from pixel to pixel, of which there are `pixels`: moved with each frame, the browser would paint the page as often. */
function calm(Surfer: typeof WaveSurfer, pixels: () => number): typeof WaveSurfer {
  return class extends Surfer {
    override getCurrentTime(): number {
      const time = super.getCurrentTime()
      const pixel = this.getDuration() / pixels()
      return Number.isFinite(pixel) && pixel > 0 ? Math.floor(time / pixel) * pixel : time
    }
  }
}

/**
 * Binds wavesurfer.js to the media element that plays: it draws the peaks it is given and fetches nothing. It comes
 * as a chunk of its own when the recording has begun to load; text and sound do not wait for it.
 */
export function useWaveform(source: WaveformSource, on: WaveformEvents) {
  const wave = shallowRef<WaveSurfer | null>(null)
  const region = shallowRef<PartRegion | null>(null)
  let palette = new Map<number | null, string>()
  let addRegion: ((part: Bounds, firm: boolean) => PartRegion) | null = null
  let gone = false
  const touch = matchMedia('(pointer: coarse)').matches
  /** A finger moves the playhead, and what is wider than the screen; a mouse selects what it is dragged over. */
  const seeking = (times: number) => touch && times <= 1 && { debounceTime: 0 }
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  const themes = new MutationObserver(repaint)

  /** Canvas knows no custom properties: the colours of the theme, as they compute now. */
  function readPalette(host: HTMLElement): void {
    const names = [null, ...Array.from({ length: SPEAKER_COLOURS }, (_, index) => index)]
    palette = new Map(
      names.map((index) => {
        host.style.color = colourVariable(index)
        return [index, getComputedStyle(host).color]
      }),
    )
    host.style.color = ''
  }

  function repaint(): void {
    if (source.host.value) readPalette(source.host.value)
    wave.value?.setOptions({})
  }

  function show(): void {
    wave.value?.setOptions({ peaks: source.channels(), duration: source.duration() })
  }

  async function start(host: HTMLElement, media: HTMLMediaElement): Promise<void> {
    // Without an address of its media wavesurfer would set an empty one.
    if (!media.hasAttribute('src')) await new Promise((begun) => media.addEventListener('loadstart', begun, { once: true }))
    const [{ default: Surfer }, { default: Regions }] = await Promise.all([import('wavesurfer.js'), import('wavesurfer.js/dist/plugins/regions.esm.js')])
    if (gone) return
    readPalette(host)
    let width = 0
    const made = new (calm(Surfer, () => width * (devicePixelRatio || 1)))({
      container: host,
      media,
      peaks: source.channels(),
      duration: source.duration(),
      height: 'auto',
      barWidth: BAR,
      barGap: GAP,
      cursorColor: 'var(--ink)',
      cursorWidth: 2,
      dragToSeek: seeking(1),
      autoScroll: source.follow(),
      autoCenter: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      renderFunction: (channels, context) => paintBars(channels, context, palette, STEP * (devicePixelRatio || 1)),
    })
    made.once('ready', show) // peaks that came while it began
    made.on('interaction', on.seek)
    made.on('redraw', () => on.drawn((width = made.getWrapper().clientWidth)))
    listenToRegions(made, made.registerPlugin(Regions.create()))
    wave.value = made
  }

  type RegionsPlugin = ReturnType<(typeof import('wavesurfer.js/dist/plugins/regions.esm.js'))['default']['create']>

  /** A dragged region is told of and let go: the one that shows the part follows what the page says. */
  function listenToRegions(made: WaveSurfer, regions: RegionsPlugin): void {
    const color = 'color-mix(in srgb, var(--accent) 18%, transparent)'
    if (!touch) regions.enableDragSelection({ color, minLength: SHORTEST }, 5)
    regions.on('region-initialized', ({ id }) => {
      if (id !== PART) on.select(null)
    })
    regions.on('region-created', (one) => {
      if (one.id === PART) return
      one.remove()
      on.select({ from: one.start, to: one.end })
    })
    regions.on('region-update', ({ id, start, end }) => {
      if (id === PART) on.select({ from: start, to: end })
    })
    addRegion = (part, firm) => regions.addRegion({ id: PART, start: part.from, end: part.to, color, drag: !firm, resize: !firm, minLength: SHORTEST })
    made.on('destroy', () => (addRegion = null))
  }

  /** `firm`: it is shown only, and can be neither moved nor stretched. */
  function showPart(part: Bounds | null, firm: boolean): void {
    const shown = region.value
    if (part && shown && shown.resize === !firm) {
      if (shown.start !== part.from || shown.end !== part.to) shown.setOptions({ start: part.from, end: part.to })
      return
    }
    shown?.remove()
    region.value = part && addRegion ? addRegion(part, firm) : null
  }

  /** `times` as wide as its place. What is under `at` pixels from the left stays there; without `at` the playhead comes to the middle. */
  function zoom(times: number, at?: number): void {
    const made = wave.value
    if (!made) return
    const [pixels, under] = at === undefined ? [made.getWidth() / 2, made.getCurrentTime() / made.getDuration()] : [at, (made.getScroll() + at) / made.getWrapper().clientWidth]
    if (touch) made.setOptions({ dragToSeek: seeking(times) })
    made.zoom(times > 1 ? (made.getWidth() * times) / made.getDuration() : 0)
    made.setScroll(under * made.getWrapper().clientWidth - pixels)
  }

  watch([source.host, source.media], ([host, media]) => {
    if (host && media && !wave.value) void start(host, media)
  }, { immediate: true, flush: 'post' })
  watch([source.channels, source.duration], show)
  watch(source.follow, (autoScroll) => wave.value?.setOptions({ autoScroll }))
  themes.observe(document.documentElement, { attributeFilter: ['data-theme', 'style'] })
  scheme.addEventListener('change', repaint)
  onBeforeUnmount(() => {
    gone = true
    themes.disconnect()
    scheme.removeEventListener('change', repaint)
    wave.value?.destroy()
  })

  return { wave, region, showPart, zoom }
}
