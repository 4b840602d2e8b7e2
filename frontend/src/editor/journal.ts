import type { Change, Operation } from '@/lib/edits'

/** What one tab has not yet had confirmed, as it lies in IndexedDB. */
export interface Entry {
  /** Of the tab; one entry for each tab and transcript. */
  readonly key: string
  readonly run: string
  /** The version that `flights` were made on, or `pending` where nothing is on its way. */
  readonly version: number
  /** On their way, one after another. */
  readonly flights: readonly Change[]
  readonly pending: readonly (readonly Operation[])[]
  /** The id that the pending change is to be sent with. */
  readonly next: string
}

export interface Journal {
  /** The tab works on a transcript: others leave its entry alone until `release`. */
  readonly claim: (key: string) => void
  /**
   * What is handed to it outlives the tab, also when its end is not waited for. False, and nothing is written: another tab
   * has taken up what was there (an adopted entry is never given back).
   */
  readonly put: (entry: Entry) => Promise<boolean>
  readonly remove: (key: string) => Promise<void>
  /** The tab has done with this transcript: whoever opens it next looks after what is left. */
  readonly release: (key: string) => void
  /** Entries of this transcript that no living tab owns; their tabs, should one live after all, are told by `put`. */
  readonly orphans: (run: string) => Promise<Entry[]>
  /** Does it while no other tab does so for this transcript. */
  readonly alone: <T>(run: string, act: () => Promise<T>) => Promise<T>
}

/** How many edits of an entry are kept one by one. */
export const KEPT_APART = 60

/** Where the browser lets a page store nothing: what is not confirmed is lost with the tab. */
export const NO_JOURNAL: Journal = {
  claim: () => undefined,
  put: () => Promise.resolve(true),
  remove: () => Promise.resolve(),
  release: () => undefined,
  orphans: () => Promise.resolve([]),
  alone: (_, act) => act(),
}
