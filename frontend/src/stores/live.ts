import { defineStore } from 'pinia'
import { ref, shallowReactive } from 'vue'
import { getRun } from '@/api/calls'
import { followRun } from '@/api/events'
import type { Run, RunEvent } from '@/api/types'
import { applyEvent, isOver, type LiveRun } from '@/lib/runs'

/** A browser opens six connections to one host: three streams leave room for an upload, the media and the API. */
const MOST_STREAMS = 3
const POLL_MS = 4000

/** Runs that are under way, kept fresh by their event streams, or by asking now and then when there are many. */
export const useLive = defineStore('live', () => {
  const runs = shallowReactive(new Map<string, LiveRun>())
  const connected = ref(true)
  const streams = new Map<string, () => void>()
  const polls = new Map<string, ReturnType<typeof setInterval>>()
  let ended: (run: Run) => void = () => undefined

  /** Hears of every run that ends while it is followed, with its final rows. */
  function onEnd(listener: (run: Run) => void): void {
    ended = listener
  }

  /** Follow exactly these runs (those that are over are only remembered). */
  function follow(wanted: readonly Run[]): void {
    const open = wanted.filter((run) => !isOver(run.state))
    const ids = new Set(open.map((run) => run.id))
    for (const id of [...streams.keys(), ...polls.keys()]) if (!ids.has(id)) stop(id)
    for (const run of open) {
      if (!runs.has(run.id)) put(run)
      if (!streams.has(run.id) && !polls.has(run.id)) begin(run.id)
    }
  }

  function begin(id: string): void {
    if (streams.size >= MOST_STREAMS) {
      polls.set(id, setInterval(() => void renew(id), POLL_MS))
      return
    }
    streams.set(
      id,
      followRun(id, {
        snapshot: (run) => take(run),
        event: (event) => hear(id, event),
        connected: (standing) => {
          connected.value = standing
        },
      }),
    )
  }

  function hear(id: string, event: RunEvent): void {
    const live = runs.get(id)
    if (live) runs.set(id, applyEvent(live, event))
    // Words for the person (errors, warnings) are in the rows only.
    if (event.type === 'error' || event.type === 'run' || event.state === 'done') void renew(id)
  }

  async function renew(id: string): Promise<void> {
    try {
      take(await getRun(id))
    } catch {
      connected.value = false // the stream or the next poll tries again
    }
  }

  function take(run: Run): void {
    put(run)
    if (!isOver(run.state)) return
    stop(run.id)
    ended(run)
  }

  function put(run: Run): void {
    const known = runs.get(run.id)
    runs.set(run.id, { run, etaSeconds: known?.etaSeconds ?? null, phrases: known?.phrases ?? [] })
  }

  function stop(id: string): void {
    streams.get(id)?.()
    streams.delete(id)
    clearInterval(polls.get(id))
    polls.delete(id)
    connected.value = true
  }

  return { runs, connected, follow, onEnd, renew }
})
