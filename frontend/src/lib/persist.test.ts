import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { persist } from './persist'
import { Problem } from './problems'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const busy = () => Promise.reject(new Problem('internal', 503))

test('a service that is busy is asked again until it answers', async () => {
  const ask = vi.fn(() => Promise.resolve('peaks')).mockImplementationOnce(busy).mockImplementationOnce(busy)
  const missed = vi.fn()
  const asked = persist(ask, () => false, missed)
  await vi.advanceTimersByTimeAsync(2999)
  expect(ask).toHaveBeenCalledTimes(2)
  await vi.advanceTimersByTimeAsync(1)
  expect(await asked).toBe('peaks')
  expect(missed).toHaveBeenCalledTimes(2)
})

test('what will not pass is not asked again', async () => {
  const ask = vi.fn(() => Promise.reject(new Problem('not_found', 404)))
  await expect(persist(ask, () => false)).rejects.toThrow('not_found')
  expect(ask).toHaveBeenCalledTimes(1)
})

test('a page that is left stops asking', async () => {
  let gone = false
  const ask = vi.fn(busy)
  const asked = expect(persist(ask, () => gone)).rejects.toThrow('internal')
  gone = true
  await vi.advanceTimersByTimeAsync(60_000)
  await asked
  expect(ask).toHaveBeenCalledTimes(1)
})
