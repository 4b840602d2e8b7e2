import { lockName, TabLocks } from '@/editor/tabLocks'

/** A recording from the microphone as far as it has come. */
export interface Take {
  readonly id: string
  /** Whose voice it is: nobody else is shown it. */
  readonly owner: string
  /** Milliseconds since 1970. */
  readonly started: number
  /** Media type that the browser records as. */
  readonly type: string
  /** Length without pauses. */
  readonly seconds: number
}

/** Pieces of recordings under way, which outlive the tab that records them. */
export interface TakeStore {
  /** This tab has it, and nobody is offered it, until `release` or `remove`. */
  readonly claim: (id: string) => Promise<void>
  /** Stores the take with pieces from the given number on; all or nothing. Rejects where the browser has no room. */
  readonly append: (take: Take, from: number, pieces: readonly ArrayBuffer[]) => Promise<void>
  /** What there is of it, in order; null: nothing. */
  readonly sound: (id: string) => Promise<Blob | null>
  readonly remove: (id: string) => Promise<void>
  /** Settled when others can see it. */
  readonly release: (id: string) => Promise<void>
  /** Takes of that person that no living tab has, the newest first. */
  readonly left: (owner: string) => Promise<Take[]>
}

const [NAME, TAKES, PIECES] = ['stenogram-takes', 'takes', 'pieces']
/** Pieces read into memory at once. */
const BATCH = 300

/** Where the browser stores nothing: a recording lives as long as its tab. */
export const NO_TAKES: TakeStore = {
  claim: () => Promise.resolve(),
  append: () => Promise.reject(new Error('this browser stores no recordings')),
  sound: () => Promise.resolve(null),
  remove: () => Promise.resolve(),
  release: () => Promise.resolve(),
  left: () => Promise.resolve([]),
}

let own: TakeStore | null = null

/** The takes of this browser. Without locks nobody could tell what is left from what another tab records. */
export function takes(): TakeStore {
  own ??= typeof indexedDB === 'undefined' || !('locks' in navigator) ? NO_TAKES : browserTakes(new TakeTables(indexedDB), navigator.locks)
  return own
}

export function browserTakes(tables: Pick<TakeTables, 'append' | 'sound' | 'remove' | 'all'>, locks: LockManager): TakeStore {
  const held = new TabLocks(locks)
  const key = (id: string) => `take/${id}`
  const release = async (id: string) => {
    held.release(key(id))
    await locks.request(lockName(key(id)), () => undefined) // its turn comes when the lock is free
  }
  return {
    claim: (id) => held.take(key(id)),
    append: (take, from, pieces) => tables.append(take, from, pieces),
    sound: (id) => tables.sound(id),
    remove: async (id) => {
      await tables.remove(id)
      held.release(key(id))
    },
    release,
    left: async (owner) => {
      const before = await held.living() // dead before the reading: what is read is all of it
      const all = await tables.all()
      const after = await held.living() // and nobody has taken it up meanwhile
      const free = all.filter(({ id, owner: whose }) => whose === owner && !before.has(key(id)) && !after.has(key(id)))
      return free.sort((one, other) => other.started - one.started)
    },
  }
}

/** The two tables in IndexedDB: takes by id, pieces by the id of the take and their number. */
export class TakeTables {
  private database: Promise<IDBDatabase> | null = null

  constructor(private readonly factory: IDBFactory) {}

  append(take: Take, from: number, pieces: readonly ArrayBuffer[]): Promise<void> {
    return this.write((transaction) => {
      transaction.objectStore(TAKES).put(take)
      for (const [number, piece] of pieces.entries()) transaction.objectStore(PIECES).put(piece, [take.id, from + number])
    })
  }

  remove(id: string): Promise<void> {
    return this.write((transaction) => {
      transaction.objectStore(TAKES).delete(id)
      transaction.objectStore(PIECES).delete(span(id, 0))
    })
  }

  async all(): Promise<Take[]> {
    const request: IDBRequest<Take[]> = (await this.open()).transaction(TAKES).objectStore(TAKES).getAll()
    return settled(request)
  }

  async sound(id: string): Promise<Blob | null> {
    const [database, found] = [await this.open(), [] as Blob[]]
    for (let first = 0; ; first += BATCH) {
      const request: IDBRequest<ArrayBuffer[]> = database.transaction(PIECES).objectStore(PIECES).getAll(span(id, first, first + BATCH - 1))
      const pieces = await settled(request)
      if (pieces.length > 0) found.push(new Blob(pieces))
      if (pieces.length < BATCH) return found.length > 0 ? new Blob(found) : null
    }
  }

  private async write(work: (transaction: IDBTransaction) => void): Promise<void> {
    const transaction = (await this.open()).transaction([TAKES, PIECES], 'readwrite')
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB gave up'))
    })
    work(transaction)
    return done
  }

  /** Tried again at the next use where it has failed. */
  private open(): Promise<IDBDatabase> {
    this.database ??= this.opened().catch((error: unknown) => {
      this.database = null
      throw error
    })
    return this.database
  }

  private async opened(): Promise<IDBDatabase> {
    const request = this.factory.open(NAME, 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore(TAKES, { keyPath: 'id' })
      request.result.createObjectStore(PIECES)
    }
    const database = await settled(request)
    database.onversionchange = () => {
      database.close() // somebody deletes it
      this.database = null
    }
    return database
  }
}

function span(id: string, first: number, last = Infinity): IDBKeyRange {
  return IDBKeyRange.bound([id, first], [id, last])
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB refused'))
  })
}
