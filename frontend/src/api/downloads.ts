/** Files that the service makes: where each is, and how it is asked for. */
import { dispositionName } from '@/lib/files'
import { toProblem } from '@/lib/problems'
import { client, freshHeaders, unwrap } from './client'
import type { Part } from './sharing'

export interface NamedFile {
  /** A path with its query. */
  readonly address: string
  /** The name where the service gives none. */
  readonly fallback: string
}

export function transcriptFile(runId: string, format: string, language: string): NamedFile {
  return exported(runId, { format, language })
}

export function partFile(runId: string, part: Part, format: string, language: string): NamedFile {
  return exported(runId, { from: String(part.from), to: String(part.to), segments: part.segmentIds.join(), format, language })
}

function exported(runId: string, query: Record<string, string> & { format: string }): NamedFile {
  return { address: `/api/v1/runs/${runId}/exports?${new URLSearchParams(query).toString()}`, fallback: `transcript.${query.format}` }
}

export function soundFile(recordingId: string, part: Part, format: 'm4a' | 'wav'): NamedFile {
  const query = new URLSearchParams({ from: String(part.from), to: String(part.to), format })
  return { address: `/api/v1/recordings/${recordingId}/clip?${query.toString()}`, fallback: `clip.${format}` }
}

/** Transcripts of many recordings as one zip. */
export function libraryFile(recordings: readonly string[], format: string, language: string): NamedFile {
  const query = new URLSearchParams([...recordings.map((id) => ['recordings', id]), ['formats', format], ['language', language]])
  return { address: `/api/v1/library/export?${query.toString()}`, fallback: 'transcripts.zip' }
}

/** The service's answer, its body not read yet, and the name that it gives. Throws a Problem. */
export async function openFile({ address, fallback }: NamedFile): Promise<{ response: Response; name: string }> {
  const response = await fetch(address, { headers: await freshHeaders() })
  if (!response.ok) throw toProblem(response.status, await response.text())
  return { response, name: dispositionName(response.headers.get('Content-Disposition'), fallback) }
}

/** A link to it that needs no header, for a short while. */
export function downloadTicket(address: string) {
  return unwrap(client.POST('/api/v1/me/download-ticket', { body: { address } }))
}
