/** Parts of recordings and links to them. */
import { dispositionName } from '@/lib/files'
import { toProblem } from '@/lib/problems'
import { client, freshHeaders, unwrap } from './client'
import type { components } from './schema'

export type ShareLink = components['schemas']['LinkOut']
export type Cue = components['schemas']['CueOut']
export type Shared = components['schemas']['SharedOut']

export interface Part {
  readonly from: number
  readonly to: number
  readonly segmentIds: readonly string[]
}

export interface NamedFile {
  readonly blob: Blob
  readonly name: string
}

async function file(path: string, query: URLSearchParams, fallback: string): Promise<NamedFile> {
  const response = await fetch(`${path}?${query.toString()}`, { headers: await freshHeaders() })
  if (!response.ok) throw toProblem(response.status, await response.text())
  return { blob: await response.blob(), name: dispositionName(response.headers.get('Content-Disposition'), fallback) }
}

export function cutAudio(recordingId: string, part: Part, format: 'm4a' | 'wav'): Promise<NamedFile> {
  const query = new URLSearchParams({ from: String(part.from), to: String(part.to), format })
  return file(`/api/v1/recordings/${recordingId}/clip`, query, `clip.${format}`)
}

export function exportPart(runId: string, part: Part, format: string, language: string): Promise<NamedFile> {
  const query = new URLSearchParams({ from: String(part.from), to: String(part.to), segments: part.segmentIds.join(), format, language })
  return file(`/api/v1/runs/${runId}/exports`, query, `transcript.${format}`)
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
