/**
 * Files of unfinished uploads, kept by the browser (IndexedDB) so that an upload goes on after a reload. They lie there
 * unencrypted, so they are bound to who put them there and go when that person signs out.
 */
import type { UploadChoices } from './options'

export interface Shelved {
  id: string
  owner: string
  file: File
  choices: UploadChoices | null
}

const NAME = 'stenogram-uploads'
const STORE = 'files'

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB cannot be opened'))
  })
}

async function within<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open()
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode)
      const request = work(transaction.objectStore(STORE))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB transaction aborted'))
      transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB transaction failed'))
    })
  } finally {
    database.close()
  }
}

/** Where the browser has no room or no IndexedDB, uploads still work; they only end with the page. */
export async function shelve(item: Shelved): Promise<boolean> {
  return within('readwrite', (store) => store.put(item)).then(
    () => true,
    () => false,
  )
}

export async function unshelve(id: string): Promise<void> {
  await within('readwrite', (store) => store.delete(id)).catch(() => undefined) // nothing was kept
}

/** What `owner` left; what others left is thrown away. */
export async function shelved(owner: string): Promise<Shelved[]> {
  const kept = await within('readonly', (store) => store.getAll() as IDBRequest<Shelved[]>).catch(() => [])
  await Promise.all(kept.filter((item) => item.owner !== owner).map((item) => unshelve(item.id)))
  return kept.filter((item) => item.owner === owner)
}
