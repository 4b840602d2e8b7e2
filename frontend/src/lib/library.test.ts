import { describe, expect, it } from 'vitest'
import { apiFilters, between, EVERYTHING, filterCount, queryOf, viewOf } from './library'

const FULL = {
  title: 'plan', folder: 'f1', tags: ['a', 'b'], language: 'ru', state: 'done', speaker: 'Anna', since: '2026-03-01', until: '2026-03-02', sort: 'title',
} as const

describe('a view in the address', () => {
  it('comes back as it went', () => {
    const view = { ...FULL, tags: [...FULL.tags] }
    expect(viewOf(queryOf(view))).toEqual(view)
  })

  it('is empty for everything', () => {
    expect(queryOf(EVERYTHING)).toEqual({})
    expect(viewOf({})).toEqual(EVERYTHING)
  })

  it('drops what no view has', () => {
    expect(viewOf({ sort: 'best', state: 'odd', since: 'yesterday', until: '2026-99-01', tag: [null, 'a'] })).toEqual({ ...EVERYTHING, tags: ['a'] })
  })

  it('counts filters, and not the order', () => {
    expect(filterCount({ ...EVERYTHING, sort: 'title' })).toBe(0)
    expect(filterCount({ ...EVERYTHING, tags: ['a'], language: 'ru' })).toBe(2)
  })
})

describe('filters of the API', () => {
  it('take the last day whole', () => {
    const { since, until } = apiFilters({ ...EVERYTHING, since: '2026-03-01', until: '2026-03-01' })
    expect(Date.parse(until ?? '') - Date.parse(since ?? '')).toBe(24 * 3600 * 1000)
    expect(new Date(since ?? '').getHours()).toBe(0)
  })

  it('tell no folder from any', () => {
    expect(apiFilters({ ...EVERYTHING, folder: 'none' })).toEqual({ unfiled: true })
    expect(apiFilters(EVERYTHING)).toEqual({})
  })
})

describe('a range of rows', () => {
  const ids = ['a', 'b', 'c', 'd']
  it('is the same from either end', () => {
    expect(between(ids, 'b', 'd')).toEqual(['b', 'c', 'd'])
    expect(between(ids, 'd', 'b')).toEqual(['b', 'c', 'd'])
  })
  it('is one row without a beginning, or when it is gone', () => {
    expect(between(ids, null, 'c')).toEqual(['c'])
    expect(between(ids, 'x', 'c')).toEqual(['c'])
  })
})
