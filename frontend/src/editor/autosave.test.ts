import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { replaceWords } from '@/lib/edits'
import { Autosave, type SaveState } from './autosave'
import type { Entry, Journal } from './journal'
import { clearTheStage, said, says, Service, setTheStage, Shelf, start, tabOn } from './savingKit'

let service: Service
let shelf: Shelf
let states: SaveState[]
const opened = (version = 0) => tabOn(service, shelf, states, version)

beforeEach(() => {
  setTheStage()
  service = new Service()
  shelf = new Shelf()
  states = []
})
afterEach(clearTheStage)

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
    const tab = opened(7)
    service.put('other', says(start, 'b', 0, 'other'))
    tab.edit(says(tab.document, 'a', 0, 'mine'))
    await vi.advanceTimersByTimeAsync(10_000)
    expect(said(service.document)).toEqual(['mine two', 'other two'])
    expect(states.at(-1)).toBe('saved')
    tab.close()
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
