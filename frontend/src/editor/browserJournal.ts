import type { Entry, Journal } from './journal'
import { lockName, TabLocks } from './tabLocks'

const [NAME, STORE] = ['stenogram-journal', 'tabs']

/** Milliseconds without a sign of life after which a tab is taken for dead, where there are no locks that tell. */
export const SILENCE = 30_000

/** An entry as stored; `beat`: when its tab last wrote, in milliseconds since 1970. */
interface Kept extends Entry {
  readonly beat: number
}

/** The journal of this tab: with locks where the browser has them (secure contexts), else by signs of life. */
export function browserJournal(factory: IDBFactory = indexedDB, locks: LockManager | null = (navigator.locks as LockManager | undefined) ?? null): Journal {
  const shelf = new Shelf(factory)
  return locks ? lockedJournal(shelf, locks) : beatingJournal(shelf)
}

/** All edits here that the service does not have, of living tabs too. */
export interface Unsaved {
  /** Of how many tabs. */
  readonly tabs: () => Promise<number>
  readonly forget: () => Promise<void>
}

export function unsavedHere(factory: IDBFactory = indexedDB): Unsaved {
  const shelf = new Shelf(factory)
  return { tabs: async () => (await shelf.all()).length, forget: () => shelf.clear() }
}

/** A lock that the browser frees with the tab tells which tabs live. */
function lockedJournal(shelf: Shelf, locks: LockManager): Journal {
  const held = new TabLocks(locks)
  return {
    claim: (key) => void held.take(key),
    put: async (entry) => {
      if (held.waits(entry.key)) await held.take(entry.key) // an entry is never seen without its tab
      await shelf.put({ ...entry, beat: Date.now() })
      return true
    },
    remove: async (key) => {
      if (held.waits(key)) await held.take(key)
      await shelf.remove(key)
    },
    release: (key) => held.release(key),
    orphans: async (run) => {
      const before = await held.living() // dead before the reading: what is read is its last
      const entries = await shelf.all()
      const after = await held.living() // and not born during it
      return entries.filter(({ run: of, key }) => of === run && !before.has(key) && !after.has(key))
    },
    alone: async (run, act) => await locks.request(lockName(`of/${run}`), act),
  }
}

/** Without locks: who writes nothing for `SILENCE` may be dead. An orphan is adopted under another key, which a tab that lives sees. */
function beatingJournal(shelf: Shelf): Journal {
  const present = new Set<string>()
  return {
    claim: () => undefined,
    put: async (entry) => {
      const again = present.has(entry.key)
      present.add(entry.key)
      const there = await shelf.replace({ ...entry, beat: Date.now() }, again)
      if (!there) present.delete(entry.key)
      return there
    },
    remove: (key) => {
      present.delete(key)
      return shelf.remove(key)
    },
    release: (key) => void shelf.silence(key).catch(() => undefined), // it falls silent by itself, later
    orphans: async (run) => {
      const adopted = await shelf.adopt((entry) => entry.run === run && !present.has(entry.key) && Date.now() - entry.beat > SILENCE)
      for (const { key } of adopted) present.add(key) // this tab has it: what is refused waits for the person, and is not found again
      return adopted
    },
    alone: (_, act) => act(),
  }
}

/** The table of entries. A transaction is committed in the same breath as it is begun: nothing of it waits for this tab. */
class Shelf {
  private database: IDBDatabase | null = null
  private readonly opening: Promise<IDBDatabase>

  constructor(factory: IDBFactory) {
    const request = factory.open(NAME, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' })
    this.opening = settled(request).then((database) => (this.database = database))
    this.opening.catch(() => undefined) // told to whoever uses it
  }

  put(entry: Kept): Promise<void> {
    return this.write((store) => store.put(entry))
  }

  remove(key: string): Promise<void> {
    return this.write((store) => store.delete(key))
  }

  clear(): Promise<void> {
    return this.write((store) => store.clear())
  }

  async all(): Promise<Kept[]> {
    return settled<Kept[]>(this.store(await this.opening, 'readonly').getAll())
  }

  /** Answers whether it was written; `again`: only over what is there. */
  async replace(entry: Kept, again: boolean): Promise<boolean> {
    const store = this.store(this.database ?? (await this.opening), 'readwrite')
    if (again && (await settled(store.getKey(entry.key))) === undefined) return false
    await settled(store.put(entry))
    return true
  }

  async silence(key: string): Promise<void> {
    const store = this.store(await this.opening, 'readwrite')
    const entry = await settled<Kept | undefined>(store.get(key))
    if (entry) await settled(store.put({ ...entry, beat: 0 }))
  }

  /** Gives those entries keys of their own, in one step with finding them. */
  async adopt(wanted: (entry: Kept) => boolean): Promise<Entry[]> {
    const store = this.store(await this.opening, 'readwrite')
    const found = (await settled<Kept[]>(store.getAll())).filter(wanted)
    const adopted = found.map((entry) => ({ ...entry, key: crypto.randomUUID(), beat: Date.now() }))
    for (const { key } of found) store.delete(key)
    await Promise.all(adopted.map((entry) => settled(store.put(entry))))
    return adopted
  }

  /** At once when the database is open: what is asked for now is done although the tab dies in the next moment. */
  private write(act: (store: IDBObjectStore) => IDBRequest): Promise<void> {
    if (!this.database) return this.opening.then((database) => this.written(database, act))
    return this.written(this.database, act)
  }

  private written(database: IDBDatabase, act: (store: IDBObjectStore) => IDBRequest): Promise<void> {
    const store = this.store(database, 'readwrite')
    const done = settled(act(store))
    store.transaction.commit()
    return done.then(() => undefined)
  }

  private store(database: IDBDatabase, mode: IDBTransactionMode): IDBObjectStore {
    return database.transaction(STORE, mode, { durability: 'relaxed' }).objectStore(STORE)
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB refused'))
  })
}
