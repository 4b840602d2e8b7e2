import type { Change } from '@/lib/edits'
import type { Entry, Journal } from './journal'
import { passing, problemOf, type Transport } from './transport'

/** HTTP statuses that say the service will never take it. */
const REFUSALS = [409, 413, 422]

/**
 * What tabs that are no more have left of one transcript. It is sent under the ids that those tabs used: what had arrived
 * already is not made again.
 */
export class Leavings {
  private readonly found = new Map<string, Entry>()
  private readonly spurned = new Map<string, Entry>()
  private last: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly run: string,
    private readonly journal: Journal,
    private readonly transport: Transport,
  ) {}

  /** What the service does not take, for the person to decide on. */
  get refused(): readonly Entry[] {
    return [...this.spurned.values()]
  }

  /** Sends what there is, one tab doing so at a time; the number of changes. Throws a Problem where it is to be tried again. */
  collect(): Promise<number> {
    return this.inTurn(() => this.send())
  }

  /** Forgets what is refused by now: the person has it. A look under way may have read it already, so it comes after that. */
  discard(): Promise<void> {
    const unwanted = [...this.spurned.keys()]
    return this.inTurn(async () => {
      for (const key of unwanted) {
        await this.journal.remove(key)
        this.found.delete(key)
        this.spurned.delete(key)
      }
    })
  }

  /** One after another, in this tab and, where the browser has locks, among all. */
  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const next = this.last.then(() => this.journal.alone(this.run, act))
    this.last = next.catch(() => undefined) // told to whoever asked for it
    return next
  }

  private async send(): Promise<number> {
    for (const entry of await this.journal.orphans(this.run)) this.found.set(entry.key, entry)
    let saved = 0
    for (const entry of this.found.values()) if (!this.spurned.has(entry.key)) saved += await this.sendOne(entry)
    return saved
  }

  private async sendOne(entry: Entry): Promise<number> {
    const changes = changesOf(entry)
    try {
      if (changes.length > 0) await this.transport.send(entry.version, changes)
    } catch (error) {
      const problem = problemOf(error)
      if (passing(problem) || !REFUSALS.includes(problem.status)) throw problem
      this.spurned.set(entry.key, entry)
      return 0
    }
    await this.journal.remove(entry.key)
    this.found.delete(entry.key)
    return changes.length
  }
}

function changesOf({ flights, pending, next }: Entry): Change[] {
  const operations = pending.flat()
  return [...flights, ...(operations.length > 0 ? [{ id: next, operations }] : [])]
}
