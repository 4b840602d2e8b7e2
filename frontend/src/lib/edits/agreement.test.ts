import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'

import type { Change, Document, Operation, Span, Word } from '.'
import { applyAll, diff, invert, merge, rebase, respan, takeBack } from '.'

/** Made by `tests/contract/test_editing_twins.py`, one JSON object a line, with what the service computed. */
const CASES = process.env.STENOGRAM_EDIT_CASES

interface Case {
  base: Document
  changes: Change[]
  mine: Document
  inverse: Operation[]
  theirs: Document
  merged: Document
  diff: Operation[]
  rebased: Change[]
  end: Document
  undo: Operation[]
  respan: [before: Word[], texts: string[], bounds: Span, after: Word[]]
}

describe.skipIf(!CASES)('the page and the service', () => {
  it('compute the same of every edit', { timeout: 200_000 }, () => {
    const lines = readFileSync(CASES ?? '', 'utf-8').trimEnd().split('\n')
    lines.forEach((line, number) => {
      const { base, theirs, ...wanted } = JSON.parse(line) as Case
      const mine = wanted.changes.reduce((document, change) => applyAll(document, change.operations), base)
      const operations = wanted.changes.flatMap((change) => change.operations)
      const [rebased, end] = rebase(wanted.changes, base, theirs)
      const found = {
        ...{ changes: wanted.changes, mine, inverse: invert(operations), merged: merge(base, mine, theirs) },
        ...{ diff: diff(mine, theirs), rebased, end, undo: takeBack(base, mine, theirs) },
        respan: [...wanted.respan.slice(0, 3), respan(wanted.respan[0], wanted.respan[1], wanted.respan[2])],
      }
      for (const [name, value] of Object.entries(wanted)) {
        const ours = found[name as keyof typeof found]
        if (!isDeepStrictEqual(plain(ours), plain(value))) expect(plain(ours), `${name} of case ${String(number)}`).toEqual(plain(value))
      }
      if (!isDeepStrictEqual(plain(applyAll(mine, invert(operations))), plain(base))) expect.fail(`undo of case ${String(number)}`)
    })
    expect(lines.length).toBeGreaterThan(0)
  })
})

/** Without prototypes and with one order of keys. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown
}
