import type { Change, Operation } from '@/lib/edits'

/** What one tab has not yet had confirmed, as it lies in IndexedDB. */
export interface Entry {
  /** Of the tab; one entry for each tab and transcript. */
  readonly key: string
  readonly run: string
  /** The version that `flight` was made on, or `pending` where nothing is on its way. */
  readonly version: number
  readonly flight: Change | null
  readonly pending: readonly (readonly Operation[])[]
  /** The id that the pending change is to be sent with. */
  readonly next: string
}

export interface Journal {
  readonly put: (entry: Entry) => Promise<void>
  readonly remove: (key: string) => Promise<void>
  /** The tab has done with this transcript: whoever opens it next looks after what is left. */
  readonly release: (key: string) => void
  /** Entries of this transcript that no living tab owns. */
  readonly orphans: (run: string) => Promise<Entry[]>
  /** Does it while no other tab does so for this transcript. */
  readonly alone: <T>(run: string, act: () => Promise<T>) => Promise<T>
}

const [NAME, STORE] = ['stenogram-edits', 'tabs']

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' })
  return settled(request)
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB refused'))
  })
}

/** The journal of this tab. A lock that the browser frees with the tab tells which tabs live. */
export function browserJournal(): Journal {
  const database = open()
  const held = new Map<string, () => void>()

  async function store<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return settled(act((await database).transaction(STORE, mode, { durability: 'relaxed' }).objectStore(STORE)))
  }

  return {
    put: async (entry) => {
      await hold(entry.key, held)
      await store('readwrite', (tabs) => tabs.put(entry))
    },
    remove: async (key) => {
      await store('readwrite', (tabs) => tabs.delete(key))
    },
    release: (key) => {
      held.get(key)?.()
      held.delete(key)
    },
    orphans: async (run) => {
      const entries = await store<Entry[]>('readonly', (tabs) => tabs.getAll())
      const living = await lockedNames()
      return entries.filter((entry) => entry.run === run && !living.has(lockName(entry.key)))
    },
    alone: async (run, act) => {
      if (!('locks' in navigator)) return act()
      return await navigator.locks.request(lockName(`of/${run}`), act)
    },
  }
}

function withResolver(): { promise: Promise<undefined>; resolve: (value: undefined) => void } {
  let resolve: (value: undefined) => void = () => undefined
  const promise = new Promise<undefined>((settle) => (resolve = settle))
  return { promise, resolve }
}

function lockName(key: string): string {
  return `stenogram-edits/${key}`
}

/** Locks are there in secure contexts only; without them every entry is taken for an orphan, which costs a merge. */
async function lockedNames(): Promise<Set<string>> {
  if (!('locks' in navigator)) return new Set()
  const { held } = await navigator.locks.query()
  return new Set(held?.map((lock) => lock.name ?? ''))
}

/** Settled when the lock is there: an entry is never seen without its tab. */
function hold(key: string, held: Map<string, () => void>): Promise<void> {
  if (held.has(key) || !('locks' in navigator)) return Promise.resolve()
  const { promise, resolve } = withResolver()
  held.set(key, () => resolve(undefined))
  return new Promise((granted) => {
    void navigator.locks.request(lockName(key), () => {
      granted()
      return promise
    })
  })
}

/** Where the browser lets a page store nothing: what is not confirmed is lost with the tab. */
export const NO_JOURNAL: Journal = { put: () => Promise.resolve(), remove: () => Promise.resolve(), release: () => undefined, orphans: () => Promise.resolve([]), alone: (_, act) => act() }

/** How many edits of an entry are kept one by one. */
export const KEPT_APART = 60
