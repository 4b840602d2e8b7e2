import { describe, expect, it } from 'vitest'
import { barColours, colourIndex, colourVariable } from './colours'
import { baseName, dispositionName, fileSize } from './files'
import { DEFAULT_CHOICES, fromRunOptions, restoreChoices, toRunOptions } from './options'
import { colourChannel, colourOfValue, levels, resamplePeaks } from './peaks'
import { asProblem, messageKey, Problem, toProblem } from './problems'
import { secretOf, subjectOf } from './secret'
import { talkShares } from './talk'

describe('speaker colours', () => {
  it('follow the order of speakers and repeat after ten', () => {
    const labels = Array.from({ length: 12 }, (_, at) => `S${at + 1}`)
    expect(colourIndex(labels, 'S2')).toBe(1)
    expect(colourIndex(labels, 'S12')).toBe(1)
    expect(colourIndex(labels, 'S99')).toBeNull()
    expect(colourVariable(null)).toBe('var(--speaker-none)')
  })

  it('colour each bar by who speaks at its middle', () => {
    const spans = [{ speaker: 'S1', start: 0, end: 4 }, { speaker: 'S2', start: 6, end: 10 }]
    const of = (label: string | null) => colourIndex(['S1', 'S2'], label, { S2: 7 })
    expect(barColours(spans, of, 5, 10)).toEqual([0, 0, null, 7, 7])
    expect(barColours(spans, of, 2, 0)).toEqual([null, null])
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
    expect(toRunOptions(DEFAULT_CHOICES)).toEqual({ language: null, preset: 'quality', diarize: true, speakers: null })
  })
  it('count speakers only where they are told apart', () => {
    expect(toRunOptions({ language: 'ru', preset: 'fast', diarize: false, speakers: 3 }).speakers).toBeNull()
  })
  it('come back from a run as they went', () => {
    const choices = { language: 'en', preset: 'fast', diarize: true, speakers: 4 } as const
    expect(fromRunOptions(toRunOptions(choices))).toEqual(choices)
  })
  it.each([null, 'no json', '{"speakers": 99, "language": "../x", "preset": 1, "diarize": "yes"}'])('forget nonsense: %s', (stored) =>
    expect(restoreChoices(stored)).toEqual(DEFAULT_CHOICES))
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

it('shares the talk', () => {
  const speaker = (label: string, talk_seconds: number) => ({ label, name: null, display: label, talk_seconds })
  expect(talkShares([speaker('S1', 30), speaker('S2', 10)]).map((one) => one.share)).toEqual([0.75, 0.25])
  expect(talkShares([speaker('S1', 0)])[0]?.share).toBe(0)
})

describe('subjectOf', () => {
  const token = (claims: unknown) => `e30.${btoa(JSON.stringify(claims)).replaceAll('=', '')}.sig`
  it('reads whose token it is', () => expect(subjectOf(token({ sub: 'u-1', aud: 'stenogram:api' }))).toBe('u-1'))
  it('gives nobody for anything else', () => expect([token({ sub: 7 }), 'nonsense', '', 'a.%%%.c'].map(subjectOf)).toEqual([null, null, null, null]))
})
