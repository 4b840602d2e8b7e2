import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { barColours, colourIndex, coloursOf, colourVariable, SPEAKER_COLOURS } from './colours'
import { baseName, dispositionName, fileSize } from './files'
import { DEFAULT_CHOICES, fromRunOptions, fromSettings, toRunOptions } from './options'
import { colourChannel, colourOfValue, levels, resamplePeaks } from './peaks'
import { asProblem, messageKey, Problem, toProblem } from './problems'
import { secretOf, subjectOf } from './secret'

describe('speaker colours', () => {
  it('follow the order of speakers and repeat after ten', () => {
    const labels = Array.from({ length: 12 }, (_, at) => `S${at + 1}`)
    expect(colourIndex(labels, 'S2')).toBe(1)
    expect(colourIndex(labels, 'S12')).toBe(1)
    expect(colourIndex(labels, 'S99')).toBeNull()
    expect(colourVariable(null)).toBe('var(--speaker-none)')
    const chosen = coloursOf([{ label: 'S1', colour: null }, { label: 'S2', colour: 0 }])
    expect(['S1', 'S2'].map((label) => colourIndex(labels, label, chosen))).toEqual([0, 0])
  })

  it('colour each bar by who speaks at its middle', () => {
    const spans = [{ speaker: 'S1', start: 0, end: 4 }, { speaker: 'S2', start: 6, end: 10 }]
    const of = (label: string | null) => colourIndex(['S1', 'S2'], label, { S2: 7 })
    expect(barColours(spans, of, 5, 10)).toEqual([0, 0, null, 7, 7])
    expect(barColours(spans, of, 2, 0)).toEqual([null, null])
  })
})

describe('the palette', () => {
  const sheet = readFileSync(new URL('../styles/tokens.css', import.meta.url), 'utf8')
  const token = (name: string) => new RegExp(`--${name}:.*?light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(sheet)?.slice(1) ?? []
  /** Relative luminance and contrast as WCAG 2.2 defines them. */
  const luminance = (colour: string) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => {
    const channel = parseInt(colour.slice(1 + 2 * at, 3 + 2 * at), 16) / 255
    return sum + weight * (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4)
  }, 0)
  const contrast = (one = '', other = '') => {
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right)
    return (light + 0.05) / (dark + 0.05)
  }
  const names = ['none', ...Array.from({ length: SPEAKER_COLOURS }, (_, at) => String(at))]
  it.each(names)('is read on every surface in both schemes: %s', (name) => {
    const tints = token(`speaker-${name}`)
    expect(tints).toHaveLength(2)
    for (const surface of ['paper', 'surface', 'raised', 'sunken']) {
      const grounds = token(surface)
      tints.forEach((tint, scheme) => expect(contrast(tint, grounds[scheme])).toBeGreaterThanOrEqual(4.5))
    }
  })
})

describe('peaks', () => {
  it('keep the highest of each bar', () => expect([...resamplePeaks([0.25, 0.5, 0.125, 0.25], 2)]).toEqual([0.5, 0.25]))
  it('fill the height', () => expect([...levels([0.25, 0.5])]).toEqual([0.5, 1]))
  it('come back from the channel of colours', () => {
    const colours = [null, ...Array.from({ length: 10 }, (_, index) => index)]
    const channel = [...colourChannel(colours)]
    expect(channel.map(colourOfValue)).toEqual(colours)
    expect(Math.max(...channel)).toBe(1)
  })
  it('stretch few peaks over many bars', () => expect([...resamplePeaks([1, 0.5], 4)]).toEqual([1, 1, 0.5, 0.5]))
  it('survive silence', () => expect([...levels([0, 0]), ...resamplePeaks([], 1)]).toEqual([0, 0, 0]))
})

describe('upload options', () => {
  it('leave to the service what is automatic', () => {
    expect(toRunOptions(DEFAULT_CHOICES)).toEqual({ language: null, preset: 'quality', diarize: true, speakers: null, denoise: false })
    expect(toRunOptions(null)).toEqual({})
  })
  it('count speakers only where they are told apart', () => {
    expect(toRunOptions({ ...DEFAULT_CHOICES, diarize: false, speakers: 3 }).speakers).toBeNull()
  })
  it('come back from a run as they went', () => {
    const choices = { language: 'en', preset: 'fast', diarize: true, speakers: 4, denoise: true } as const
    expect(fromRunOptions(toRunOptions(choices))).toEqual(choices)
  })
  it('start from the settings', () => {
    const saved = { speech: null, preset: 'fast', diarize: true, speakers: null, denoise: true } as const
    expect(fromSettings(saved)).toEqual({ language: 'auto', preset: 'fast', diarize: true, speakers: 0, denoise: true })
    expect(fromSettings({ ...saved, speech: 'kk', speakers: 3 })).toMatchObject({ language: 'kk', speakers: 3 })
  })
})

describe('problems', () => {
  it('carry the words of the service', () => {
    const problem = toProblem(422, { code: 'media.empty', title: 'Unprocessable', detail: 'The file is empty.' })
    expect([problem.code, problem.words]).toEqual(['media.empty', 'The file is empty.'])
    expect(toProblem(413, '{"code":"media.too_large","detail":"Too big"}').code).toBe('media.too_large')
  })
  it.each([
    [502, '<html>', 'problem.busy'],
    [413, '', 'problem.too_large'],
    [401, undefined, 'problem.auth_required'],
    [418, 'null', 'problem.client_unexpected'],
  ])('of a proxy (%s) have words of ours', (status, body, key) => expect(messageKey(toProblem(status, body))).toBe(key))
  it('of the line are said to be that', () => {
    expect(asProblem(new TypeError('Failed to fetch')).code).toBe('client.offline')
    expect(asProblem('?').code).toBe('client.unexpected')
    const problem = new Problem('x', 1)
    expect(asProblem(problem)).toBe(problem)
  })
})

describe('files', () => {
  it('have sizes in units people know', () => {
    expect(fileSize(900)).toEqual({ unit: 'byte', value: 900 })
    expect(fileSize(499_079)).toEqual({ unit: 'kilobyte', value: 487 })
    expect(fileSize(157_286_400)).toEqual({ unit: 'megabyte', value: 150 })
  })
  it.each([
    ["attachment; filename=x.docx; filename*=UTF-8''%D0%9F%D0%BB%D0%B0%D0%BD.docx", 'План.docx'],
    ['attachment; filename="plan.docx"', 'plan.docx'],
    ["attachment; filename*=UTF-8''%E0%A4%A", 'fallback'],
    [null, 'fallback'],
  ])('are named by the service: %s', (header, name) => expect(dispositionName(header, 'fallback')).toBe(name))
  it('lose their ending as titles', () => expect(baseName('a.b.ogg')).toBe('a.b'))
})

it.each(['http://h:1/login#s%3Dx', '#s=x', ' s=x '])('finds the secret in %s', (link) => expect(secretOf(link)).toBe('s=x'))

describe('subjectOf', () => {
  const token = (claims: unknown) => `e30.${btoa(JSON.stringify(claims)).replaceAll('=', '')}.sig`
  it('reads whose token it is', () => expect(subjectOf(token({ sub: 'u-1', aud: 'stenogram:api' }))).toBe('u-1'))
  it('gives nobody for anything else', () => expect([token({ sub: 7 }), 'nonsense', '', 'a.%%%.c'].map(subjectOf)).toEqual([null, null, null, null]))
})
