import { describe, expect, it } from 'vitest'
import { sameFields, unlessSame } from './same'

describe('a list that is worked out anew', () => {
  it('stays the one it was where it tells the same', () => {
    const before = [{ name: 'Anna', share: 0.5 }]
    expect(unlessSame(before, [{ name: 'Anna', share: 0.5 }], sameFields)).toBe(before)
    const labels = ['S1', 'S2']
    expect(unlessSame(labels, ['S1', 'S2'])).toBe(labels)
  })

  it('is another one where an item differs, is more or is less', () => {
    const before = [{ name: 'Anna', share: 0.5 }]
    for (const next of [[{ name: 'Anna', share: 0.6 }], [], [...before, ...before]]) expect(unlessSame(before, next, sameFields)).toBe(next)
    const first = ['S1']
    expect(unlessSame(undefined, first)).toBe(first)
  })
})
