import { formatClock } from '@/lib/time'
import type { Operation, Replace, Split, Word } from '@/lib/edits'
import type { Entry } from './journal'

/** Words that somebody wrote, from word `at` of a segment on. */
interface Island {
  readonly at: number
  readonly words: readonly Word[]
}

type Islands = Map<string, readonly Island[]>

/** What an entry would have written, as far as its operations tell without the text around: a line with its time for each place. */
export function refusedText({ flights, pending }: Entry): string {
  const islands: Islands = new Map()
  for (const operation of [...flights.flatMap(({ operations }) => operations), ...pending.flat()]) follow(islands, operation)
  const places = [...islands.values()].flat().filter(({ words }) => words.length > 0)
  places.sort((left, right) => startOf(left) - startOf(right))
  return places.map((place) => `${formatClock(startOf(place))} ${textOf(place)}`).join('\n')
}

function startOf({ words }: Island): number {
  return words[0]?.start ?? 0
}

function textOf({ words }: Island): string {
  return words.map(({ text }) => text).join('').trim()
}

function follow(islands: Islands, operation: Operation): void {
  if (operation.type === 'replace') {
    islands.set(operation.segment, replaced(islands.get(operation.segment) ?? [], operation))
  } else if (operation.type === 'split') {
    divide(islands, operation)
  } else if (operation.type === 'merge') {
    const moved = (islands.get(operation.next) ?? []).map(({ at, words }) => ({ at: at + operation.at, words }))
    islands.set(operation.segment, [...(islands.get(operation.segment) ?? []), ...moved])
    islands.delete(operation.next)
  }
}

/** The islands that the stretch touches become one with what is written in it; those behind move. */
function replaced(islands: readonly Island[], { at, before, after }: Replace): Island[] {
  const end = at + before.length
  const touched = islands.filter((one) => one.at <= end && endOf(one) >= at)
  const words = [
    ...touched.flatMap((one) => one.words.slice(0, Math.max(0, at - one.at))),
    ...after,
    ...touched.flatMap((one) => one.words.slice(Math.max(0, end - one.at))),
  ]
  const first = Math.min(at, ...touched.map((one) => one.at))
  const rest = islands.filter((one) => !touched.includes(one))
  const moved = rest.map((one) => (one.at > end ? { ...one, at: one.at + after.length - before.length } : one))
  return [...moved, { at: first, words }]
}

function endOf({ at, words }: Island): number {
  return at + words.length
}

function divide(islands: Islands, { segment, at, new_segment }: Split): void {
  const all = islands.get(segment) ?? []
  islands.set(segment, all.filter((one) => one.at < at).map((one) => ({ ...one, words: one.words.slice(0, at - one.at) })))
  const behind = all.filter((one) => endOf(one) > at)
  islands.set(new_segment, behind.map((one) => ({ at: Math.max(0, one.at - at), words: one.words.slice(Math.max(0, at - one.at)) })))
}
