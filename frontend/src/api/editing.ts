import type { Answer, Change } from '@/lib/edits'
import { asProblem, toProblem } from '@/lib/problems'
import { freshHeaders, reportRejected } from './client'

/** One version in the history of a transcript: who made it, when, and what changed, in the words of the person's language. */
export interface HistoryEntry {
  readonly version: number
  readonly at: string
  readonly author: { readonly id: string; readonly name: string } | null
  readonly mine: boolean
  readonly summary: string
}

async function call<T>(path: string, method = 'GET', body: unknown = null): Promise<T> {
  const headers = { ...(await freshHeaders()), ...(body === null ? {} : { 'Content-Type': 'application/json' }) }
  const response = await fetch(`/api/v1/${path}`, { method, headers, ...(body === null ? {} : { body: JSON.stringify(body) }) }).catch((error: unknown) => {
    throw asProblem(error)
  })
  if (response.ok) return (await response.json()) as T
  if (response.status === 401) reportRejected()
  throw toProblem(response.status, await response.text())
}

export function sendChanges(run: string, version: number, changes: readonly Change[]): Promise<Answer> {
  return call(`runs/${run}/changes`, 'POST', { base_version: version, changes })
}

export function changesAfter(run: string, version: number): Promise<Answer> {
  return call(`runs/${run}/changes?after=${String(version)}`)
}

export async function getHistory(run: string, before: number | null, limit: number): Promise<HistoryEntry[]> {
  const page = await call<{ items: HistoryEntry[] }>(`runs/${run}/history?limit=${String(limit)}${before === null ? '' : `&before=${String(before)}`}`)
  return page.items
}

export function restoreVersion(run: string, version: number): Promise<unknown> {
  return call(`runs/${run}/restore`, 'POST', { version })
}

export function addToGlossary(term: string): Promise<unknown> {
  return call('glossary', 'POST', { term })
}
