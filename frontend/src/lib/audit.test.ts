import { describe, expect, it } from 'vitest'
import { queryOf, wantedOf } from './audit'

describe('what the address asks of the audit', () => {
  it('is read back as it was written, empty wishes left out', () => {
    const wanted = { name: 'Анна', action: 'user.blocked', since: '2026-11-01', until: '' }
    expect(queryOf(wanted)).toEqual({ name: 'Анна', action: 'user.blocked', since: '2026-11-01' })
    expect(wantedOf(queryOf(wanted))).toEqual(wanted)
  })
  it.each([
    [{ action: 'user.loved' }],
    [{ action: ['user', 'key'] }],
    [{ since: 'yesterday', until: '2026-13-45' }],
    [{ name: null }],
  ])('makes nothing of %j', (query) => expect(queryOf(wantedOf(query))).toEqual({}))
  it('takes a whole kind', () => expect(wantedOf({ action: 'letter' }).action).toBe('letter'))
})
