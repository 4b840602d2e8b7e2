import { applyAll, diff, merge, type Answer, type Change, type Document, type Operation } from '@/lib/edits'
import type { Problem } from '@/lib/problems'
import { KEPT_APART, type Entry, type Journal } from './journal'
import { passing, problemOf, unfit, type Transport } from './transport'

export type SaveState = 'saved' | 'saving' | 'offline' | 'conflict'

export interface AutosaveHost {
  readonly run: string
  readonly transport: Transport
  readonly journal: Journal
  readonly state: (state: SaveState) => void
  /** The document changed by what others did. `mixed`: both sides had edited. */
  readonly moved: (mixed: boolean) => void
}

/** Milliseconds: from the last key to saving; at most from the first; between attempts; between looks at what others do. */
const [QUIET, LONGEST, RETRY_FIRST, RETRY_LAST, LOOK] = [2000, 10_000, 1500, 20_000, 5000]

/** Writes to the journal under way at once, were the disk to hang; what changes meanwhile shares the next. */
const WRITES = 500

/** What the journal is known to hold: the document with all of it, the one without `pending`, the id of `pending`. */
interface Kept {
  readonly document: Document
  readonly sent: Document
  readonly next: string
}

/**
 * Keeps a document and takes its edits to the service. At any moment three documents are known: `confirmed`, which the
 * service has in `version`; `sent`, which it will have when what is on its way arrives; `document`, on the screen. All that
 * is not confirmed lies in the journal, so that neither a crash nor a lost network loses it.
 */
export class Autosave {
  document: Document
  private confirmed: Document
  private sent: Document
  private flights: readonly Change[] = []
  private pending: (readonly Operation[])[] = []
  private next = crypto.randomUUID()
  private readonly key = crypto.randomUUID()
  private timer: ReturnType<typeof setTimeout> | undefined
  private looking: ReturnType<typeof setInterval> | undefined
  private firstEdit = 0
  private failures = 0
  private refusals = 0
  private busy = false
  private talking: Promise<void> = Promise.resolve()
  private closed = false
  private kept: Kept | null = null
  /** Something of ours was sent by another tab: what came of it is in the service's answer only. */
  private shared = false
  private writes = 0
  private unwritten = false
  private drained: Promise<void> = Promise.resolve()

  constructor(
    private readonly host: AutosaveHost,
    document: Document,
    private version: number,
  ) {
    this.document = this.confirmed = this.sent = document
    host.journal.claim(this.key)
    this.looking = setInterval(() => this.tick(), LOOK)
  }

  get dirty(): boolean {
    return this.flights.length > 0 || this.document !== this.sent
  }

  /** Throws EditInvalid where they do not fit. */
  edit(operations: readonly Operation[]): Document {
    this.document = applyAll(this.document, operations)
    this.pending.push(operations)
    if (this.pending.length > KEPT_APART) this.pending = [diff(this.sent, this.document)]
    this.write()
    if (this.flights.length === 0 && this.failures === 0) this.host.state('saving')
    const now = performance.now()
    if (this.pending.length === 1) this.firstEdit = now
    this.schedule(Math.max(0, Math.min(QUIET, this.firstEdit + LONGEST - now)))
    return this.document
  }

  /** Sends what there is now: the page is left, the network is back. */
  async flush(): Promise<void> {
    clearTimeout(this.timer)
    if (this.busy || this.closed || !this.dirty) return
    await this.alone(() => this.send())
    if (this.dirty && !this.closed) this.schedule(this.failures > 0 ? this.backoff() : QUIET)
  }

  /** One talk with the service at a time: each starts from the version that the one before ended with. */
  private alone(talk: () => Promise<void>): Promise<void> {
    this.busy = true
    this.talking = talk().finally(() => (this.busy = false))
    return this.talking
  }

  /** What others have done meanwhile. */
  look(): void {
    if (!globalThis.document.hidden && !this.busy) void this.catchUp()
  }

  /** The service is there, and has this version: somebody has edited, or it is what this tab has just sent. */
  async told(version: number): Promise<void> {
    while (this.busy) await this.talking.catch(() => undefined) // told to whoever began it
    if (this.failures > 0) await this.flush()
    else if (version > this.version) await this.catchUp()
  }

  /** What is not saved for long shows in the journal that its tab lives. */
  private tick(): void {
    if (this.dirty) this.write()
    this.look()
  }

  /** Brings in all that the service has by now, unless something of ours is unsent: then the answer to that does. */
  async catchUp(): Promise<void> {
    while (this.busy) await this.talking.catch(() => undefined) // told to whoever began it
    if (this.closed || this.dirty) return
    await this.alone(() => this.fetchNewer())
    if (this.dirty && !this.closed) this.schedule(QUIET)
  }

  /** Takes the version that the service has, and with it what is unsaved. */
  async reload(): Promise<void> {
    if (!this.busy && !this.closed) await this.alone(() => this.renew())
  }

  /** Sends what there is, also what was typed during the last sending, and only then lets others look after the journal. */
  close(): void {
    this.closed = true
    clearTimeout(this.timer)
    clearInterval(this.looking)
    const last = async () => (this.dirty ? this.alone(() => this.send()) : undefined)
    void this.talking.then(last, last).finally(() => this.written().finally(() => this.host.journal.release(this.key)))
  }

  private async renew(): Promise<void> {
    const { document, version } = await this.host.transport.load()
    this.adopt(document, version)
  }

  private schedule(delay: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), delay)
  }

  private backoff(): number {
    return Math.min(RETRY_LAST, RETRY_FIRST * 2 ** (this.failures - 1))
  }

  private async send(): Promise<void> {
    this.takeOff()
    await this.written()
    if (this.flights.length === 0) {
      this.confirmed = this.sent
      this.settle()
      return
    }
    if (this.failures === 0) this.host.state('saving')
    try {
      this.arrived(await this.host.transport.send(this.version, this.flights))
      this.refusals = 0
    } catch (error) {
      await this.refused(problemOf(error))
    }
  }

  /** What is pending becomes one change, under the id that the journal knows. */
  private takeOff(): void {
    if (this.flights.length > 0) return
    const operations = diff(this.sent, this.document)
    this.flights = operations.length > 0 ? [{ id: this.next, operations }] : []
    this.next = crypto.randomUUID()
    this.pending = []
    this.sent = this.document
    this.write()
  }

  private arrived(answer: Answer): void {
    const [first, ...more] = answer.applied
    if (!this.shared && first?.change_id === this.flights[0]?.id && more.length === 0) this.confirmed = this.sent
    else this.take(answer, this.sent)
    this.version = answer.version
    this.flights = []
    this.shared = false
    this.failures = 0
    this.settle()
  }

  /** Brings in what is new in the service; `base` is what both sides have in common with the document on the screen. */
  private take(answer: Answer, base: Document): void {
    const theirs = answer.applied.reduce((document, { operations }) => applyAll(document, operations), this.confirmed)
    const mixed = this.document !== this.confirmed
    this.document = merge(this.alreadyThere(answer) ?? base, this.document, theirs)
    this.confirmed = this.sent = theirs
    this.pending = this.document === theirs ? [] : [diff(theirs, this.document)]
    if (!this.closed) this.host.moved(mixed)
  }

  /** What another tab has sent of this one's entry; its id is spent. */
  private alreadyThere(answer: Answer): Document | null {
    if (!answer.applied.some(({ change_id }) => change_id === this.next)) return null
    const { kept } = this
    this.kept = null
    this.next = crypto.randomUUID()
    return kept?.sent === this.sent ? kept.document : null
  }

  private settle(): void {
    this.write()
    this.host.state(this.dirty ? 'saving' : 'saved')
  }

  private async refused(problem: Problem): Promise<void> {
    if (unfit(problem) && this.refusals === 0) {
      this.refusals += 1
      await this.renew().catch(() => this.fail('offline'))
      return
    }
    this.fail(passing(problem) ? 'offline' : 'conflict')
  }

  private fail(state: SaveState): void {
    this.failures += 1
    this.host.state(state)
  }

  /**
   * Goes on from another version of the service: a later stage is done. It may hold what is on its way, so while there is
   * anything unconfirmed the service is asked, which knows the changes by their ids.
   */
  follow(document: Document, version: number): void {
    if (version <= this.version || this.closed) return
    if (this.busy || this.dirty) this.schedule(0)
    else this.adopt(document, version)
  }

  private adopt(document: Document, version: number): void {
    this.document = merge(this.confirmed, this.document, document)
    this.confirmed = this.sent = document
    this.version = version
    this.flights = []
    this.shared = false
    this.pending = this.document === document ? [] : [diff(document, this.document)]
    this.failures = 0
    if (!this.closed) this.host.moved(this.dirty)
    this.settle()
    if (this.dirty && !this.closed) this.schedule(0)
  }

  private async fetchNewer(): Promise<void> {
    try {
      const answer = await this.host.transport.since(this.version)
      if (answer.applied.length > 0) this.take(answer, this.confirmed)
      this.version = answer.version
      if (this.dirty) this.settle()
    } catch (error) {
      if (unfit(problemOf(error))) await this.renew().catch(() => undefined) // looked at again in a moment
    }
  }

  private entry(): Entry {
    const { key, version, flights, pending, next } = this
    return { key, run: this.host.run, version, flights, pending, next }
  }

  /** At once, so that a tab that dies after a key has it written: the browser, unlike the tab, lives to do what it was asked. */
  private write(): void {
    this.unwritten = this.writes >= WRITES
    if (this.unwritten) return
    this.writes += 1
    const done = this.keep().catch(() => undefined) // a full disk must not stop typing
    this.drained = Promise.all([this.drained, done]).then(() => undefined)
    void done.then(() => {
      this.writes -= 1
      if (this.unwritten) this.write()
    })
  }

  private async keep(): Promise<void> {
    if (!this.dirty) return this.host.journal.remove(this.key)
    const { document, sent, next } = this
    if (await this.host.journal.put(this.entry())) this.kept = { document, sent, next }
    else this.disown()
  }

  private async written(): Promise<void> {
    for (let seen: unknown = null; seen !== this.drained; ) await (seen = this.drained)
  }

  /**
   * Another tab took this one's entry for a dead tab's, and sends it under the ids in it: those stand for what was kept,
   * and what was typed since goes under a new one.
   */
  private disown(): void {
    const { kept } = this
    this.kept = null
    if (kept) {
      const before = this.flights.filter(({ id }) => id !== kept.next)
      const base = before.reduce((document, { operations }) => applyAll(document, operations), this.confirmed)
      this.sent = merge(kept.sent, kept.document, base)
      this.flights = [...before, { id: kept.next, operations: diff(base, this.sent) }]
      this.shared = true
      this.next = crypto.randomUUID()
      this.pending = [diff(this.sent, this.document)]
    }
    this.write()
  }
}
