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

interface Line {
  path: string
  connected: (standing: boolean) => void
  message: (event: string | undefined, data: string) => void
}

/** Follows a run until the returned function is called. */
export function followRun(runId: string, listener: RunListener): () => void {
  return follow({
    path: `/api/v1/runs/${runId}/events`,
    connected: listener.connected,
    message: (event, data) => {
      if (event === 'snapshot') listener.snapshot(JSON.parse(data) as Run)
      else listener.event(toEvent(event, data))
    },
  })
}

/** Tells the version of a transcript, now and whenever somebody edits it, until the returned function is called. */
export function followEdits(runId: string, edited: (version: number) => void): () => void {
  return follow({
    path: `/api/v1/runs/${runId}/changes/news`,
    connected: () => undefined,
    message: (_, data) => edited((JSON.parse(data) as { version: number }).version),
  })
}

function follow({ path, connected, message }: Line): () => void {
  let watchdog: ReturnType<typeof setTimeout> | undefined
  const source: EventSourceClient = createEventSource({
    url: new URL(path, location.origin),
    fetch: authorised,
    onConnect: () => {
      connected(true)
      heard()
    },
    onDisconnect: () => connected(false),
    onComment: heard,
    onMessage: ({ event, data }) => {
      heard()
      message(event, data)
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
