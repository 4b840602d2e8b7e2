import { expect, it } from 'vitest'
import { TakeKeeper } from './takeKeeper'
import { browserTakes, type Take } from './takes'

/** Tables in memory; while `full`, nothing more goes in. */
function memory() {
  const rows = new Map<string, { take: Take; pieces: ArrayBuffer[] }>()
  const tables = {
    full: false,
    append: (take: Take, from: number, pieces: readonly ArrayBuffer[]) => {
      if (tables.full) return Promise.reject(new DOMException('no room', 'QuotaExceededError'))
      const kept = rows.get(take.id)?.pieces ?? []
      expect(from, 'no gap').toBe(kept.length)
      rows.set(take.id, { take, pieces: [...kept, ...pieces] })
      return Promise.resolve()
    },
    sound: (id: string) => Promise.resolve(rows.has(id) ? new Blob(rows.get(id)?.pieces) : null),
    remove: (id: string) => Promise.resolve(void rows.delete(id)),
    all: () => Promise.resolve([...rows.values()].map(({ take }) => take)),
  }
  return tables
}

/** The locks of a browser, each held by one at a time; `free` lets go of all as the browser does for a tab that is no more. */
function lockManager() {
  const held = new Map<string, Promise<unknown>>()
  const manager = {
    request: async (name: string, act: () => Promise<unknown>) => {
      while (held.has(name)) await held.get(name)
      const holding = Promise.resolve(act()).finally(() => held.delete(name))
      held.set(name, holding)
      return holding
    },
    query: () => Promise.resolve({ held: [...held.keys()].map((name) => ({ name })) }),
  }
  return { manager: manager as unknown as LockManager, free: () => held.clear() }
}

const take = (id: string, owner = 'me', started = 0): Take => ({ id, owner, started, type: 'audio/webm;codecs=opus', seconds: 0 })
const ids = (found: Take[]) => found.map(({ id }) => id)

function keeping(id: string, owner = 'me', started = 0) {
  const [tables, locks, told] = [memory(), lockManager(), [] as boolean[]]
  const store = browserTakes(tables, locks.manager)
  const keeper = new TakeKeeper(store, take(id, owner, started), (safe) => told.push(safe))
  return { tables, locks, told, store, keeper }
}

const text = async (sound: Promise<Blob | null>) => (await sound)?.text()

it('keeps each piece as it comes, with the length so far', async () => {
  const { store, keeper, locks, told } = keeping('a')
  keeper.add(new Blob(['one ']), 1)
  keeper.add(new Blob(['two']), 2.5)
  await keeper.settled()
  locks.free()
  expect(await text(store.sound('a'))).toBe('one two')
  expect(await store.left('me')).toEqual([{ ...take('a'), seconds: 2.5 }])
  expect(told).not.toContain(false)
})

it('offers it when its tab is no more or has left it, to nobody else, the newest first', async () => {
  const { store, keeper, locks } = keeping('a', 'me', 1)
  keeper.add(new Blob(['one']), 1)
  await keeper.settled()
  expect(await store.left('me')).toEqual([])
  locks.free()
  expect(ids(await store.left('me'))).toEqual(['a'])
  expect(await store.left('another')).toEqual([])
  const next = new TakeKeeper(store, take('b', 'me', 2), () => undefined)
  next.add(new Blob(['two']), 1)
  await next.leave()
  expect(ids(await store.left('me'))).toEqual(['b', 'a'])
  await store.claim('b')
  expect(ids(await store.left('me'))).toEqual(['a'])
})

it('goes on in memory when there is no room, says so, and catches up without a gap', async () => {
  const { store, keeper, tables, told } = keeping('a')
  keeper.add(new Blob(['0']), 1)
  await keeper.settled()
  tables.full = true
  for (let second = 1; second < 200; second += 1) keeper.add(new Blob([`,${String(second)}`]), second)
  await keeper.settled()
  expect(told.at(-1)).toBe(false)
  expect(await text(store.sound('a'))).toBe('0')
  tables.full = false
  keeper.add(new Blob([',200']), 200)
  await keeper.settled()
  expect(told.at(-1)).toBe(true)
  expect(await text(store.sound('a'))).toBe(Array.from({ length: 201 }, (_, second) => second).join(','))
})

it('forgets what is dropped, also what was still to be written', async () => {
  const { store, keeper, locks } = keeping('a')
  keeper.add(new Blob(['one']), 1)
  keeper.drop()
  await keeper.settled()
  locks.free()
  expect(await store.sound('a')).toBeNull()
  expect(await store.left('me')).toEqual([])
})
