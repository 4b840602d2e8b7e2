import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { applyAll, rebase, replaceWords, type Answer, type Applied, type Change, type Document } from '@/lib/edits'
import { asProblem, Problem } from '@/lib/problems'
import { Autosave, type SaveState } from './autosave'
import type { Entry, Journal } from './journal'
import { Leavings } from './leavings'
import { layoutOf } from './text'
import type { Transport } from './transport'

const start: Document = {
  segments: ['a', 'b'].map((id, at) => ({
    id,
    speaker: null,
    start: at * 10,
    end: at * 10 + 2,
    words: [' one', ' two'].map((text, place) => ({ text, start: at * 10 + place, end: at * 10 + place + 0.9, probability: 0.5 })),
  })),
  speakers: [],
}

const said = (document: Document) => document.segments.map((segment) => layoutOf(segment.words).text)
const says = (document: Document, segment: string, at: number, text: string) => replaceWords(document, segment, at, 1, [` ${text}`])

/** A service with one transcript: rebases and counts an id once, as the real one does. */
class Service implements Transport {
  documents: Document[] = [start]
  applied: Applied[] = []
  online = true
  deaf = false

  get document(): Document {
    return this.documents.at(-1) ?? start
  }

  send = (version: number, changes: readonly Change[]): Promise<Answer> => {
    if (!this.online) return Promise.reject(new Problem('client.offline', 0))
    const base = this.documents[version]
    if (!base) return Promise.reject(new Problem('edit.unknown_version', 409))
    const [done] = rebase(changes, base, this.document)
    const fresh = done.filter(({ id }) => !this.applied.some((one) => one.change_id === id))
    for (const { id, operations } of fresh) this.put(id, operations)
    if (this.deaf) return Promise.reject(new Problem('client.offline', 0))
    return this.since(version)
  }

  since = (version: number): Promise<Answer> => Promise.resolve({ version: this.documents.length - 1, applied: this.applied.slice(version) })
  load = () => Promise.resolve({ document: this.document, version: this.documents.length - 1 })

  put(change_id: string, operations: Change['operations']): void {
    this.documents.push(applyAll(this.document, operations))
    this.applied.push({ version: this.documents.length - 1, change_id, operations, author: null, at: '', mine: true })
  }
}

class Shelf implements Journal {
  entries = new Map<string, Entry>()
  private readonly present = new Set<string>()

  claim = () => undefined
  put = (entry: Entry) => {
    const taken = this.present.has(entry.key) && !this.entries.has(entry.key)
    if (taken) this.present.delete(entry.key)
    else this.entries.set(this.present.add(entry.key) && entry.key, structuredClone(entry))
    return Promise.resolve(!taken)
  }

  remove = (key: string) => {
    this.present.delete(key)
    this.entries.delete(key)
    return Promise.resolve()
  }

  release = () => undefined
  orphans = () => Promise.resolve([...this.entries.values()])

  private last: Promise<unknown> = Promise.resolve()
  alone = <T>(_: string, act: () => Promise<T>): Promise<T> => {
    const next = this.last.then(act, act)
    this.last = next
    return next
  }
}

let service: Service
let shelf: Shelf
let states: SaveState[]

const recover = (journal: Journal, transport: Transport) => new Leavings('r', journal, transport).collect()

function opened(document = start, version = 0): Autosave {
  return new Autosave({ run: 'r', transport: service, journal: shelf, state: (state) => states.push(state), moved: () => undefined }, document, version)
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('document', { hidden: false })
  service = new Service()
  shelf = new Shelf()
  states = []
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('saving', () => {
  test('happens two seconds after the last key, all keys as one change', async () => {
    const tab = opened()
    tab.edit(says(tab.document, 'a', 0, 'o'))
    await vi.advanceTimersByTimeAsync(1500)
    tab.edit(says(tab.document, 'a', 0, 'on'))
    await vi.advanceTimersByTimeAsync(1900)
    expect(service.applied).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(200)
    expect(service.applied).toHaveLength(1)
    expect(said(service.document)).toEqual(['on two', 'one two'])
    expect(states.at(-1)).toBe('saved')
    expect(shelf.entries.size).toBe(0)
    tab.close()
  })

  test('does not wait for ever while somebody types on', async () => {
    const tab = opened()
    for (let key = 0; key < 12; key += 1) {
      tab.edit(says(tab.document, 'a', 0, `x${String(key)}`))
      await vi.advanceTimersByTimeAsync(1000)
    }
    expect(service.applied.length).toBeGreaterThan(0)
    tab.close()
  })

  test('goes on by itself when the network is back; typing meanwhile is kept', async () => {
    const tab = opened()
    service.online = false
    tab.edit(says(tab.document, 'a', 0, 'first'))
    await vi.advanceTimersByTimeAsync(5000)
    expect(states.at(-1)).toBe('offline')
    tab.edit(says(tab.document, 'b', 1, 'second'))
    service.online = true
    await vi.advanceTimersByTimeAsync(30_000)
    expect(said(service.document)).toEqual(['first two', 'one second'])
    expect(states.at(-1)).toBe('saved')
    tab.close()
  })

  test('a change whose answer was lost is not made twice', async () => {
    const tab = opened()
    service.deaf = true
    tab.edit(says(tab.document, 'a', 0, 'first'))
    await vi.advanceTimersByTimeAsync(2500)
    service.deaf = false
    await vi.advanceTimersByTimeAsync(30_000)
    expect(service.applied).toHaveLength(1)
    expect(said(tab.document)).toEqual(['first two', 'one two'])
    tab.close()
  })

  test('another tab sees it, and both keep what they typed', async () => {
    const [one, two] = [opened(), opened()]
    one.edit(says(one.document, 'a', 0, 'left'))
    two.edit(says(two.document, 'a', 1, 'right'))
    await vi.advanceTimersByTimeAsync(20_000)
    expect(said(one.document)).toEqual(['left right', 'one two'])
    expect(said(two.document)).toEqual(said(one.document))
    expect(said(service.document)).toEqual(said(one.document))
    one.close()
    two.close()
  })

  test('where the service does not know the version any more, the text is put on the present one', async () => {
    const tab = opened(start, 7)
    service.put('other', says(start, 'b', 0, 'other'))
    tab.edit(says(tab.document, 'a', 0, 'mine'))
    await vi.advanceTimersByTimeAsync(10_000)
    expect(said(service.document)).toEqual(['mine two', 'other two'])
    expect(states.at(-1)).toBe('saved')
    tab.close()
  })
})

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

test('a later version that holds what is on its way does not bring it twice', async () => {
  const tab = opened()
  tab.edit(replaceWords(tab.document, 'a', 2, 0, [' kill']))
  let answer: () => void = () => undefined
  const answered = new Promise<void>((resolve) => (answer = resolve))
  const { send } = service
  service.send = (version, changes) => send(version, changes).then(async (result) => (await answered, result))
  await vi.advanceTimersByTimeAsync(2100)
  tab.edit(replaceWords(tab.document, 'a', 2, 1, [' kill4x']))
  tab.follow(service.document, 1)
  answer()
  await vi.advanceTimersByTimeAsync(30_000)
  expect(said(service.document)).toEqual(['one two kill4x', 'one two'])
  expect(said(tab.document)).toEqual(said(service.document))
  tab.close()
})

test('a transcript left while its edits are on their way is saved to the last key, and leaves nothing behind', async () => {
  const tab = opened()
  tab.edit(replaceWords(tab.document, 'a', 2, 0, [' kill']))
  const going = tab.flush()
  tab.edit(replaceWords(tab.document, 'a', 2, 1, [' kill4x']))
  tab.close()
  await going
  await vi.advanceTimersByTimeAsync(1000)
  expect(said(service.document)).toEqual(['one two kill4x', 'one two'])
  expect(shelf.entries.size).toBe(0)
})

test('every key is with the browser before the next, however slow its disk', () => {
  const written: Entry[] = []
  const slow: Journal = { ...shelf, put: (entry) => (written.push(structuredClone(entry)), new Promise(() => undefined)) }
  const tab = new Autosave({ run: 'r', transport: service, journal: slow, state: () => undefined, moved: () => undefined }, start, 0)
  for (let key = 1; key <= 200; key += 1) tab.edit(says(tab.document, 'a', 0, `ones${String(key)}`))
  expect(JSON.stringify(written.at(-1)?.pending)).toContain('" ones200"')
  tab.close()
})

test('catching up waits for the look that is under way, and looks again', async () => {
  const tab = opened()
  let answer: () => void = () => undefined
  const { since } = service
  service.since = (version) => {
    service.since = since
    const early = since(version)
    return new Promise<void>((resolve) => (answer = resolve)).then(() => early)
  }
  tab.look()
  service.put('left', says(start, 'a', 0, 'left'))
  const caught = tab.catchUp()
  answer()
  await caught
  expect(said(tab.document)).toEqual(['left two', 'one two'])
  tab.close()
})

test('word of an edit brings it in at once; word of its own does not make a tab ask', async () => {
  const [one, two] = [opened(), opened()]
  const asked = vi.spyOn(service, 'since')
  one.edit(says(one.document, 'a', 0, 'left'))
  await one.flush()
  asked.mockClear()
  await one.told(1)
  expect(asked).not.toHaveBeenCalled()
  await two.told(1)
  expect(said(two.document)).toEqual(['left two', 'one two'])
  one.close()
  two.close()
})

test('word of the service makes a tab that could not reach it send at once', async () => {
  const tab = opened()
  service.online = false
  tab.edit(says(tab.document, 'a', 0, 'first'))
  await vi.advanceTimersByTimeAsync(15_000)
  service.online = true
  await tab.told(0)
  expect(said(service.document)).toEqual(['first two', 'one two'])
  tab.close()
})

/** Takes up what is on the shelf as a tab does that takes its owner for dead. */
function adopted(): Entry[] {
  const found = [...shelf.entries.values()]
  shelf.entries.clear()
  return found
}

const sent = (entries: Entry[], transport: Transport) => recover({ ...shelf, orphans: () => Promise.resolve(entries), remove: () => Promise.resolve(), alone: (_, act) => act() }, transport)

describe('a living tab whose entry another one takes up', () => {
  const type = (tab: Autosave, text: string) => tab.edit(replaceWords(tab.document, 'a', 2, text.length > 2 ? 1 : 0, [text]))

  test.each(['before this one sends', 'after it', 'while it is offline'])('keeps what it typed since, each word once, when the other sends %s', async (when) => {
    const tab = opened()
    type(tab, ' k')
    type(tab, ' kill')
    await vi.advanceTimersByTimeAsync(0)
    const found = adopted()
    if (when === 'before this one sends') await sent(found, service)
    service.online = when !== 'while it is offline'
    type(tab, ' kill4x')
    await vi.advanceTimersByTimeAsync(3000)
    service.online = true
    if (when !== 'before this one sends') await sent(found, service)
    await vi.advanceTimersByTimeAsync(30_000)
    expect(said(service.document)).toEqual(['one two kill4x', 'one two'])
    expect(said(tab.document)).toEqual(said(service.document))
    expect(shelf.entries.size).toBe(0)
    tab.close()
  })

  test('and dies, too, leaves both parts for the next', async () => {
    const tab = opened()
    type(tab, ' k')
    await vi.advanceTimersByTimeAsync(0)
    const found = adopted()
    type(tab, ' kill4x')
    await vi.advanceTimersByTimeAsync(0)
    vi.clearAllTimers()
    await sent(found, service)
    await recover(shelf, service)
    expect(said(service.document)).toEqual(['one two kill4x', 'one two'])
  })

  test('hears of it by the answer to what was on its way, too', async () => {
    const tab = opened()
    type(tab, ' k')
    let answer: () => void = () => undefined
    const { send } = service
    service.send = (version, changes) => {
      service.send = send
      return new Promise<void>((resolve) => (answer = resolve)).then(() => send(version, changes))
    }
    const going = tab.flush()
    type(tab, ' kill')
    await vi.advanceTimersByTimeAsync(0)
    await sent(adopted(), service)
    type(tab, ' kill4x')
    answer()
    await going
    await vi.advanceTimersByTimeAsync(30_000)
    expect(said(service.document)).toEqual(['one two kill4x', 'one two'])
    expect(said(tab.document)).toEqual(said(service.document))
    tab.close()
  })
})

test('a tab that stays unsaved shows in the journal that it lives', async () => {
  const tab = opened()
  service.online = false
  tab.edit(says(tab.document, 'a', 0, 'first'))
  await vi.advanceTimersByTimeAsync(0)
  const puts = vi.spyOn(shelf, 'put')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(puts.mock.calls.length).toBeGreaterThanOrEqual(12)
  tab.close()
})

test('what the service refuses is kept and not asked again; what it cannot take now is', async () => {
  const tab = opened()
  tab.edit(says(tab.document, 'a', 0, 'first'))
  await vi.advanceTimersByTimeAsync(0)
  vi.clearAllTimers()
  const leavings = new Leavings('r', shelf, { ...service, send: () => answers() })
  let answers = (): Promise<Answer> => Promise.reject(new Problem('auth.required', 401))
  await expect(leavings.collect()).rejects.toThrow('auth.required')
  answers = () => Promise.reject(new Problem('edit.invalid', 422))
  expect(await leavings.collect()).toBe(0)
  expect(leavings.refused).toHaveLength(1)
  answers = () => Promise.reject(new Error('asked again'))
  expect(await leavings.collect()).toBe(0)
  expect(shelf.entries.size).toBe(1)
  await leavings.discard()
  expect([shelf.entries.size, leavings.refused.length]).toEqual([0, 0])
  expect(await leavings.collect()).toBe(0)
})
