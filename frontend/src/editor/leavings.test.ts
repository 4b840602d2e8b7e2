import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { replaceWords, type Answer } from '@/lib/edits'
import { Problem } from '@/lib/problems'
import type { Autosave } from './autosave'
import type { Entry } from './journal'
import { Leavings } from './leavings'
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

test('what is thrown away while another look is under way is neither sent nor told of again', async () => {
  const tab = opened()
  tab.edit(says(tab.document, 'a', 0, 'first'))
  await vi.advanceTimersByTimeAsync(0)
  vi.clearAllTimers()
  const send = vi.fn(() => Promise.reject(new Problem('edit.invalid', 422)))
  let read: () => void = () => undefined
  let orphans = shelf.orphans
  const alone = <T>(_: string, act: () => Promise<T>) => act() // a browser without locks
  const leavings = new Leavings('r', { ...shelf, alone, orphans: () => orphans() }, { ...service, send })
  await leavings.collect()
  orphans = async () => {
    const found = await shelf.orphans()
    await new Promise<void>((resolve) => (read = resolve))
    return found
  }
  const looking = leavings.collect()
  await vi.advanceTimersByTimeAsync(0)
  const discarding = leavings.discard()
  await vi.advanceTimersByTimeAsync(0)
  read()
  await Promise.all([looking, discarding])
  expect(send).toHaveBeenCalledTimes(1)
  expect([shelf.entries.size, leavings.refused.length]).toEqual([0, 0])
})
