/** Changes of a transcript, their history, and the glossary. */
import type { Answer, Change } from '@/lib/edits'
import { client, unwrap } from './client'
import type { components } from './schema'

export type HistoryEntry = components['schemas']['HistoryEntryOut']
export type History = components['schemas']['HistoryOut']

export function sendChanges(run: string, version: number, changes: readonly Change[]): Promise<Answer> {
  const body = { base_version: version, changes } as unknown as components['schemas']['ChangesIn'] // the same, but readonly
  return unwrap(client.POST('/api/v1/runs/{run_id}/changes', { params: { path: { run_id: run } }, body })) as Promise<Answer>
}

export function changesAfter(run: string, version: number): Promise<Answer> {
  return unwrap(client.GET('/api/v1/runs/{run_id}/changes', { params: { path: { run_id: run }, query: { after: version } } })) as Promise<Answer>
}

/** `before`: the `before_version` of the oldest entry seen, plus 1; null for the newest. */
export function getHistory(run: string, before: number | null, limit: number): Promise<History> {
  const query = { limit, ...(before === null ? {} : { before }) }
  return unwrap(client.GET('/api/v1/runs/{run_id}/history', { params: { path: { run_id: run }, query } }))
}

export function restoreVersion(run: string, version: number) {
  return unwrap(client.POST('/api/v1/runs/{run_id}/restore', { params: { path: { run_id: run } }, body: { version } }))
}

export function addToGlossary(term: string) {
  return unwrap(client.POST('/api/v1/glossary', { body: { term } }))
}
