import { applyAll, diff, EditInvalid, merge, type Answer, type Change, type Document, type Operation } from '@/lib/edits'
import { asProblem, Problem } from '@/lib/problems'
import { KEPT_APART, type Entry, type Journal } from './journal'

export type SaveState = 'saved' | 'saving' | 'offline' | 'conflict'

/** How edits reach the service. Throws a Problem. */
export interface Transport {
  readonly send: (version: number, changes: readonly Change[]) => Promise<Answer>
  readonly since: (version: number) => Promise<Answer>
  readonly load: () => Promise<{ document: Document; version: number }>
}

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

/**
 * Keeps a document and takes its edits to the service. At any moment three documents are known: `confirmed`, which the
 * service has in `version`; `sent`, which it will have when what is on its way arrives; `document`, on the screen. All that
 * is not confirmed lies in the journal, so that neither a crash nor a lost network loses it.
 */
export class Autosave {
  document: Document
  private confirmed: Document
  private sent: Document
  private flight: Change | null = null
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
  private writing = false
  private unwritten = false

  constructor(
    private readonly host: AutosaveHost,
    document: Document,
    private version: number,
  ) {
    this.document = this.confirmed = this.sent = document
    this.looking = setInterval(() => this.look(), LOOK)
  }

  get dirty(): boolean {
    return this.flight !== null || this.document !== this.sent
  }

  /** Throws EditInvalid where they do not fit. */
  edit(operations: readonly Operation[]): Document {
    this.document = applyAll(this.document, operations)
    this.pending.push(operations)
    if (this.pending.length > KEPT_APART) this.pending = [diff(this.sent, this.document)]
    this.write()
    if (!this.flight && this.failures === 0) this.host.state('saving')
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
    if (!globalThis.document.hidden) void this.catchUp()
  }

  /** Brings in what the service has, unless something of ours is on its way: then the answer to that does. */
  async catchUp(): Promise<void> {
    if (this.busy || this.closed || this.dirty) return
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
    void this.talking.then(last, last).finally(() => this.drained.finally(() => this.host.journal.release(this.key)))
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
    if (!this.flight) {
      this.confirmed = this.sent
      this.settle()
      return
    }
    if (this.failures === 0) this.host.state('saving')
    await this.written()
    try {
      this.arrived(await this.host.transport.send(this.version, [this.flight]))
      this.refusals = 0
    } catch (error) {
      await this.refused(problemOf(error))
    }
  }

  /** What is pending becomes one change, under the id that the journal knows. */
  private takeOff(): void {
    if (this.flight) return
    const operations = diff(this.sent, this.document)
    this.flight = operations.length > 0 ? { id: this.next, operations } : null
    this.next = crypto.randomUUID()
    this.pending = []
    this.sent = this.document
    this.write()
  }

  private arrived(answer: Answer): void {
    const only = answer.applied.every((one) => one.change_id === this.flight?.id)
    if (only && answer.applied.length === 1) this.confirmed = this.sent
    else this.take(answer, this.sent)
    this.version = answer.version
    this.flight = null
    this.failures = 0
    this.settle()
  }

  /** Brings in what is new in the service; `base` is what both sides have in common with the document on the screen. */
  private take(answer: Answer, base: Document): void {
    const theirs = answer.applied.reduce((document, { operations }) => applyAll(document, operations), this.confirmed)
    const mixed = this.document !== this.confirmed
    this.document = merge(base, this.document, theirs)
    this.confirmed = this.sent = theirs
    this.pending = this.document === theirs ? [] : [diff(theirs, this.document)]
    if (!this.closed) this.host.moved(mixed)
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
    const passing = problem.status === 0 || problem.status >= 500 || problem.status === 429 || problem.code === 'edit.too_early'
    this.fail(passing ? 'offline' : 'conflict')
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
    this.flight = null
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
    const { key, version, flight, pending, next } = this
    return { key, run: this.host.run, version, flight, pending, next }
  }

  private drained: Promise<void> = Promise.resolve()

  /** One write at a time; what changes during it is written after it. */
  private write(): void {
    this.unwritten = true
    if (this.writing) return
    this.writing = true
    this.drained = this.drain()
  }

  private async drain(): Promise<void> {
    while (this.unwritten) {
      this.unwritten = false
      await (this.dirty ? this.host.journal.put(this.entry()) : this.host.journal.remove(this.key)).catch(() => undefined) // a full disk must not stop typing
    }
    this.writing = false // in the same breath as the look at `unwritten`: nothing falls between them
  }

  private async written(): Promise<void> {
    await this.drained
  }
}

function problemOf(error: unknown): Problem {
  return error instanceof EditInvalid ? new Problem('edit.invalid', 422) : asProblem(error)
}

function unfit(problem: Problem): boolean {
  return problem.code === 'edit.invalid' || problem.code === 'edit.unknown_version'
}

/**
 * Sends what tabs that are no more have left of this transcript, one tab doing so at a time, under the ids that those tabs
 * used: what had arrived already is not made again. Answers how many changes that were, and those that the service did not take.
 */
export function recover(run: string, journal: Journal, transport: Transport): Promise<Recovered> {
  return journal.alone(run, () => sendOrphans(run, journal, transport))
}

export interface Recovered {
  readonly saved: number
  readonly failed: readonly Entry[]
}

async function sendOrphans(run: string, journal: Journal, transport: Transport): Promise<Recovered> {
  const failed: Entry[] = []
  let saved = 0
  for (const entry of await journal.orphans(run)) {
    const changes = changesOf(entry)
    try {
      if (changes.length > 0) await transport.send(entry.version, changes)
      saved += changes.length
      await journal.remove(entry.key)
    } catch (error) {
      const { status } = problemOf(error)
      if (status === 409 || status === 422) failed.push(entry)
      else throw error
    }
  }
  return { saved, failed }
}

function changesOf({ flight, pending, next }: Entry): Change[] {
  const operations = pending.flat()
  return [...(flight ? [flight] : []), ...(operations.length > 0 ? [{ id: next, operations }] : [])]
}
