import type { Take, TakeStore } from './takes'

/** Pieces written at once: what a full disk held back is caught up with in steps. */
const AT_ONCE = 60

/**
 * Stores a recording as it comes, in order and without gaps: what comes after a hole could not be played. Where the browser
 * has no room, pieces wait in memory, and each new one is another try. `told` hears whether all that came is stored.
 */
export class TakeKeeper {
  private readonly waiting: Blob[] = []
  private written = 0
  private work: Promise<void>

  constructor(
    private readonly store: TakeStore,
    private take: Take,
    private readonly told: (safe: boolean) => void,
  ) {
    this.work = store.claim(take.id)
  }

  /** `seconds`: the length of the recording with this piece. */
  add(piece: Blob, seconds: number): void {
    this.waiting.push(piece)
    this.take = { ...this.take, seconds }
    this.then(() => this.write())
  }

  /** Settled when everything was tried. */
  settled(): Promise<void> {
    return this.work
  }

  /** The recording is to be forgotten. */
  drop(): void {
    this.then(() => this.store.remove(this.take.id))
  }

  /** Whoever opens the library next is offered it. */
  leave(): Promise<void> {
    this.then(() => this.store.release(this.take.id))
    return this.work
  }

  private then(act: () => Promise<void>): void {
    this.work = this.work.then(act).catch(() => this.told(false))
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const next = this.waiting.slice(0, AT_ONCE)
      await this.store.append(this.take, this.written, await Promise.all(next.map((piece) => piece.arrayBuffer())))
      this.waiting.splice(0, next.length)
      this.written += next.length
    }
    this.told(true)
  }
}
