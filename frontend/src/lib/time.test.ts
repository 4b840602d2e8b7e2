import { describe, expect, it } from 'vitest'
import { formatClock, formatTenths, isoDuration, roundLeft } from './time'

describe('formatClock', () => {
  it.each([
    [0, '0:00'],
    [7.9, '0:07'],
    [725, '12:05'],
    [3723, '1:02:03'],
    [-3, '0:00'],
    [Number.NaN, '0:00'],
  ])('%s s is %s', (seconds, text) => expect(formatClock(seconds)).toBe(text))
})

describe('roundLeft', () => {
  it.each([
    [null, null],
    [-1, null],
    [Infinity, null],
    [1, { unit: 'seconds', count: 5 }],
    [41, { unit: 'seconds', count: 45 }],
    [58, { unit: 'minutes', count: 1 }],
    [1500, { unit: 'minutes', count: 25 }],
    [7400, { unit: 'hours', count: 2 }],
  ])('%s s left', (seconds, expected) => expect(roundLeft(seconds)).toEqual(expected))
})

it('gives an ISO duration', () => expect(isoDuration(83.4)).toBe('PT83S'))

it.each([[7.34, '0:07.3'], [59.96, '1:00.0'], [3661.25, '1:01:01.3'], [-1, '0:00.0']])('tells %s to a tenth', (seconds, told) => expect(formatTenths(seconds)).toBe(told))
