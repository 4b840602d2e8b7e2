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
    return this.journal.alone(this.run, () => this.send())
  }

  /** Forgets what was refused: the person has it. */
  async discard(): Promise<void> {
    for (const key of this.spurned.keys()) {
      await this.journal.remove(key)
      this.found.delete(key)
    }
    this.spurned.clear()
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
