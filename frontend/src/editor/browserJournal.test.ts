import { expect, test } from 'vitest'
import { browserJournal, SILENCE, unsavedHere } from './browserJournal'
import type { Entry } from './journal'

/** As much of IndexedDB as the journal needs: one table, each request answered in its turn. `reading` is called before a table is read. */
function database(reading: () => void = () => undefined): IDBFactory {
  const rows = new Map<string, Entry & { beat: number }>()
  const answer = <T>(result: T) => {
    const request = { result, error: null, onsuccess: (): void => undefined, onupgradeneeded: (): void => undefined }
    setTimeout(() => request.onsuccess())
    return request
  }
  const store = {
    put: (row: Entry & { beat: number }) => answer(rows.set(row.key, structuredClone(row))),
    delete: (key: string) => answer(rows.delete(key)),
    clear: () => answer(rows.clear()),
    get: (key: string) => answer(rows.get(key)),
    getKey: (key: string) => answer(rows.has(key) ? key : undefined),
    getAll: () => {
      const found = structuredClone([...rows.values()])
      reading()
      return answer(found)
    },
    transaction: { commit: () => undefined },
  }
  return { open: () => answer({ transaction: () => ({ objectStore: () => store }) }) } as unknown as IDBFactory
}

/** The locks of a browser; `free` lets go of one as the browser does for a tab that is no more. */
function lockManager() {
  const held = new Set<string>()
  const manager = {
    request: (name: string, act: () => Promise<unknown>) => {
      held.add(name)
      return act().finally(() => held.delete(name))
    },
    query: () => Promise.resolve({ held: [...held].map((name) => ({ name })) }),
  }
  return { manager: manager as unknown as LockManager, free: (key: string) => held.delete(`stenogram-edits/${key}`) }
}

const entry = (key: string, next = 'n'): Entry => ({ key, run: 'r', version: 1, flights: [], pending: [], next })
const keys = (entries: Entry[]) => entries.map(({ key }) => key)

test('with locks an entry is an orphan when its tab is no more, and not before', async () => {
  const { manager, free } = lockManager()
  const journal = browserJournal(database(), manager)
  journal.claim('a')
  expect(await journal.put(entry('a'))).toBe(true)
  expect(await journal.orphans('r')).toEqual([])
  free('a')
  expect(keys(await journal.orphans('r'))).toEqual(['a'])
  expect(await journal.orphans('of another transcript')).toEqual([])
})

test('a tab that writes and dies while the journal is read is left for the next look, which has its last', async () => {
  const { manager, free } = lockManager()
  let dying: () => void = () => undefined
  const shared = database(() => dying())
  const [tab, other] = [browserJournal(shared, manager), browserJournal(shared, manager)]
  tab.claim('a')
  await tab.put(entry('a', 'first'))
  dying = () => {
    dying = () => undefined
    void tab.put(entry('a', 'last'))
    free('a')
  }
  expect(await other.orphans('r')).toEqual([])
  expect((await other.orphans('r')).map(({ next }) => next)).toEqual(['last'])
})

test('without locks a silent tab is taken for dead, hears of it, and goes on under a new entry', async () => {
  const shared = database()
  const [tab, other] = [browserJournal(shared, null), browserJournal(shared, null)]
  await tab.put(entry('a'))
  expect(await other.orphans('r')).toEqual([])
  const { now } = Date
  Date.now = () => now() + SILENCE + 1
  const [taken] = await other.orphans('r')
  Date.now = now
  expect(taken?.key).not.toBe('a')
  expect(await tab.put(entry('a', 'later'))).toBe(false)
  expect(await tab.put(entry('a', 'later'))).toBe(true)
  expect(await tab.put(entry('a', 'still'))).toBe(true)
})

test('without locks what a tab has taken up it does not find again, and what it forgets nobody does', async () => {
  const shared = database()
  const [tab, other] = [browserJournal(shared, null), browserJournal(shared, null)]
  await tab.put(entry('a'))
  const { now } = Date
  Date.now = () => now() + SILENCE + 1
  const found = await other.orphans('r')
  Date.now = () => now() + 3 * SILENCE
  expect(found.length).toBe(1)
  expect(await other.orphans('r')).toEqual([])
  const unsaved = unsavedHere(shared)
  expect(await unsaved.tabs()).toBe(1)
  await unsaved.forget()
  expect(await unsaved.tabs()).toBe(0)
  Date.now = now
})

test('without locks a tab that closes leaves its entry to the next at once', async () => {
  const shared = database()
  const [tab, other] = [browserJournal(shared, null), browserJournal(shared, null)]
  await tab.put(entry('a'))
  tab.release('a')
  await expect.poll(async () => (await other.orphans('r')).length).toBe(1)
})
