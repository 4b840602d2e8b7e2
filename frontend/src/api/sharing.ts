/** Parts of recordings and links to them. */
import { client, unwrap } from './client'
import type { components } from './schema'

export type ShareLink = components['schemas']['LinkOut']
export type Cue = components['schemas']['CueOut']
export type Shared = components['schemas']['SharedOut']

export interface Part {
  readonly from: number
  readonly to: number
  readonly segmentIds: readonly string[]
}

export function createLink(runId: string, part: Part | null, audio: boolean, days: number, password: string): Promise<ShareLink> {
  const bounds = part ? { from: part.from, to: part.to, segments: [...part.segmentIds] } : { segments: [] }
  return unwrap(client.POST('/api/v1/runs/{run_id}/links', { params: { path: { run_id: runId } }, body: { ...bounds, audio, days, password: password || null } }))
}

export function listLinks(recordingId: string): Promise<ShareLink[]> {
  return unwrap(client.GET('/api/v1/recordings/{recording_id}/links', { params: { path: { recording_id: recordingId } } }))
}

export async function revokeLink(id: string): Promise<void> {
  await unwrap(client.DELETE('/api/v1/links/{link_id}', { params: { path: { link_id: id } } }))
}

export function readShared(link: string, pass: string | null): Promise<Shared> {
  return unwrap(client.GET('/api/v1/shared', { params: { query: { link, ...(pass ? { pass } : {}) } } }))
}

export async function unlockShared(link: string, password: string): Promise<string> {
  return (await unwrap(client.POST('/api/v1/shared/unlock', { body: { link, password } }))).passed
}

/** The subtitles as exports have them, in order. */
export function listCues(runId: string): Promise<Cue[]> {
  return unwrap(client.GET('/api/v1/runs/{run_id}/cues', { params: { path: { run_id: runId } } }))
}

/** The address of something that the link shows, for elements that load by themselves. */
export function sharedAddress(what: 'media' | 'exports', link: string, pass: string | null, more: Record<string, string> = {}): string {
  return `/api/v1/shared/${what}?${new URLSearchParams({ link, ...(pass ? { pass } : {}), ...more }).toString()}`
}
