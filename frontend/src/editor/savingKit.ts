import { vi } from 'vitest'
import { applyAll, rebase, replaceWords, type Answer, type Applied, type Change, type Document } from '@/lib/edits'
import { Problem } from '@/lib/problems'
import { Autosave, type SaveState } from './autosave'
import type { Entry, Journal } from './journal'
import { Leavings } from './leavings'
import { layoutOf } from './text'
import type { Transport } from './transport'

/** What tests of saving share: a transcript, a service and a journal without a network and a disk. */

export const start: Document = {
  segments: ['a', 'b'].map((id, at) => ({
    id,
    speaker: null,
    start: at * 10,
    end: at * 10 + 2,
    words: [' one', ' two'].map((text, place) => ({ text, start: at * 10 + place, end: at * 10 + place + 0.9, probability: 0.5 })),
  })),
  speakers: [],
}

export const said = (document: Document) => document.segments.map((segment) => layoutOf(segment.words).text)
export const says = (document: Document, segment: string, at: number, text: string) => replaceWords(document, segment, at, 1, [` ${text}`])

/** A service with one transcript: rebases and counts an id once, as the real one does. */
export class Service implements Transport {
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

export class Shelf implements Journal {
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

export const recover = (journal: Journal, transport: Transport) => new Leavings('r', journal, transport).collect()

/** A tab with the transcript open. */
export function tabOn(service: Service, journal: Journal, states: SaveState[] = [], version = 0): Autosave {
  return new Autosave({ run: 'r', transport: service, journal, state: (state) => states.push(state), moved: () => undefined }, start, version)
}

/** Time stands still, and the page is seen. */
export function setTheStage(): void {
  vi.useFakeTimers()
  vi.stubGlobal('document', { hidden: false })
}

export function clearTheStage(): void {
  vi.useRealTimers()
  vi.unstubAllGlobals()
}
