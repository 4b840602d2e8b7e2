import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { replaceWords, type Document } from '@/lib/edits'
import { asProblem } from '@/lib/problems'
import { Autosave } from './autosave'
import type { Entry, Journal } from './journal'
import { clearTheStage, recover, said, says, Service, setTheStage, Shelf, tabOn } from './savingKit'
import type { Transport } from './transport'

let service: Service
let shelf: Shelf
const opened = () => tabOn(service, shelf)

beforeEach(() => {
  setTheStage()
  service = new Service()
  shelf = new Shelf()
})
afterEach(clearTheStage)

test('what a killed tab has left is sent by the next one, whenever it was killed', async () => {
  for (let moment = 0; moment < 50; moment += 1) {
    service = new Service()
    shelf = new Shelf()
    const tab = opened()
    service.online = moment % 3 > 0
    service.deaf = moment % 5 === 1
    for (let key = 0; key <= moment % 7; key += 1) {
      tab.edit(says(tab.document, key % 2 ? 'a' : 'b', key % 2, `k${String(key)}`))
      await vi.advanceTimersByTimeAsync((moment * 137) % 3100)
    }
    const wanted = said(tab.document)
    const left = new Map(structuredClone([...shelf.entries]))
    vi.clearAllTimers() // the tab is no more
    await vi.advanceTimersByTimeAsync(0)
    shelf.entries = left
    service.online = true
    service.deaf = false
    await recover(shelf, service)
    expect(said(service.document), `killed at ${String(moment)}`).toEqual(wanted)
    expect(shelf.entries.size).toBe(0)
  }
})

/** Lets `steps` things happen (a write to the journal, its end, a request, its answer); nothing of the tab happens after. */
class Life {
  private lived = 0
  constructor(private readonly steps: number) {}

  get over(): boolean {
    return this.lived > this.steps
  }

  private step<T>(act: () => Promise<T>): Promise<T> {
    this.lived += 1
    return this.over ? new Promise(() => undefined) : act()
  }

  /** What is done is done, also when its end is not lived to see. */
  through<Args extends unknown[], T>(act: (...args: Args) => Promise<T>): (...args: Args) => Promise<T> {
    return (...args) => this.step(() => act(...args).then((value) => this.step(() => Promise.resolve(value)), (error: unknown) => this.step(() => Promise.reject(asProblem(error)))))
  }

  transport(): Transport {
    return { send: this.through(service.send), since: this.through(service.since), load: this.through(service.load) }
  }

  journal(): Journal {
    return { ...shelf, put: this.through(shelf.put), remove: this.through(shelf.remove), orphans: this.through(shelf.orphans) }
  }
}

const WORD = ' kill4x'

/** Types WORD at the end of segment a, a key each `pace` milliseconds; answers what is surely kept and what was typed. */
async function typed(life: Life, pace: number): Promise<[kept: string, shown: string]> {
  const journal = life.journal()
  let kept = ''
  const endOf = (document: Document) => (said(document)[0] ?? '').split('two')[1] ?? ''
  const put = (entry: Entry) => journal.put(entry).then((there) => ((kept = shown), there))
  const tab = new Autosave({ run: 'r', transport: life.transport(), journal: { ...journal, put }, state: () => undefined, moved: () => undefined }, service.document, service.documents.length - 1)
  let shown = endOf(tab.document)
  for (let key = 2; key <= WORD.length && !life.over; key += 1) {
    tab.edit(replaceWords(tab.document, 'a', 2, key > 2 ? 1 : 0, [WORD.slice(0, key)]))
    shown = endOf(tab.document)
    await vi.advanceTimersByTimeAsync(pace)
  }
  if (!life.over) await vi.advanceTimersByTimeAsync(30_000)
  vi.clearAllTimers()
  return [kept, shown]
}

describe.each([
  ['quickly', 5, false],
  ['slowly', 700, false],
  ['with a save after each key', 2500, false],
  ['with a save after each key, while others edit', 2500, true],
  ['slowly, while others edit', 1300, true],
])('a word typed %s stands there once', (_, pace, others) => {
  test.each(Array.from({ length: 60 }, (_, steps) => steps))('when the tab dies after %i steps', async (steps) => {
    const other = others ? setTimeout(() => service.put('other', says(service.document, 'a', 0, 'uno')), 1900) : undefined
    const life = new Life(steps)
    const [kept, shown] = await typed(life, pace)
    clearTimeout(other)
    void recover({ ...shelf, alone: (_, act) => act() }, new Life(steps % 3).transport()) // dies, too
    await vi.advanceTimersByTimeAsync(0)
    await Promise.all([recover({ ...shelf, alone: (_, act) => act() }, service), recover({ ...shelf, alone: (_, act) => act() }, service)])
    const [first = '', second] = said(service.document)
    const end = first.split('two')[1] ?? ''
    expect(WORD.startsWith(end) && end.length >= kept.length && end.length <= shown.length, `${first}, of "${kept}" to "${shown}"`).toBe(true)
    expect(second).toBe('one two')
    expect(shelf.entries.size).toBe(0)
  })
})
