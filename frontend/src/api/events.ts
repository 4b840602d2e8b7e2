import { createEventSource, type EventSourceClient, type FetchLike } from 'eventsource-client'
import { freshHeaders, reportRejected } from './client'
import type { Run, RunEvent } from './types'

export interface RunListener {
  snapshot: (run: Run) => void
  event: (event: RunEvent) => void
  /** Whether the line stands; the stream reconnects by itself, from the last event it has seen. */
  connected: (standing: boolean) => void
}

/** The service sends a heartbeat every 15 s: three missed ones mean a dead line that TCP has not noticed. */
const SILENCE_MS = 45_000

const authorised: FetchLike = async (url, init) => {
  const headers = { ...init?.headers, ...(await freshHeaders()) }
  const response = await fetch(url, { ...(init as RequestInit), headers })
  if (response.status === 401) reportRejected()
  return response
}

/** Follows a run until the returned function is called. */
export function followRun(runId: string, listener: RunListener): () => void {
  let watchdog: ReturnType<typeof setTimeout> | undefined
  const source: EventSourceClient = createEventSource({
    url: new URL(`/api/v1/runs/${runId}/events`, location.origin),
    fetch: authorised,
    onConnect: () => {
      listener.connected(true)
      heard()
    },
    onDisconnect: () => listener.connected(false),
    onComment: heard,
    onMessage: ({ event, data }) => {
      heard()
      if (event === 'snapshot') listener.snapshot(JSON.parse(data) as Run)
      else listener.event(toEvent(event, data))
    },
  })

  function heard(): void {
    clearTimeout(watchdog)
    watchdog = setTimeout(() => {
      source.close()
      source.connect()
      heard()
    }, SILENCE_MS)
  }

  return () => {
    clearTimeout(watchdog)
    source.close()
  }
}

function toEvent(type: string | undefined, data: string): RunEvent {
  const event = JSON.parse(data) as Omit<RunEvent, 'type'> & Partial<Pick<RunEvent, 'type'>>
  return { ...event, type: event.type ?? (type as RunEvent['type']), segments: event.segments ?? [] }
}
