const PREFIX = 'stenogram-edits/'

export function lockName(key: string): string {
  return `${PREFIX}${key}`
}

/** Locks that this tab holds until it gives them up or is no more. */
export class TabLocks {
  private readonly taking = new Map<string, Promise<void>>()
  private readonly granted = new Map<string, () => void>()

  constructor(private readonly locks: LockManager) {}

  /** Asked for, and not there yet. */
  waits(key: string): boolean {
    return this.taking.has(key) && !this.granted.has(key)
  }

  /** Settled when the lock is there. */
  take(key: string): Promise<void> {
    const taking = this.taking.get(key) ?? this.request(key)
    this.taking.set(key, taking)
    return taking
  }

  release(key: string): void {
    void this.taking.get(key)?.then(() => {
      this.granted.get(key)?.()
      this.granted.delete(key)
    })
    this.taking.delete(key)
  }

  /** Keys that some tab holds. */
  async living(): Promise<Set<string>> {
    const { held } = await this.locks.query()
    return new Set(held?.map(({ name }) => (name ?? '').slice(PREFIX.length)))
  }

  private request(key: string): Promise<void> {
    return new Promise((granted) => {
      void this.locks.request(lockName(key), () => {
        granted()
        return new Promise<void>((free) => this.granted.set(key, free))
      })
    })
  }
}
