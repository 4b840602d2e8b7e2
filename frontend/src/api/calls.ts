/** Every call of the REST API that the application makes, as a function that answers or throws a Problem. */
import { client, requestHeaders, unwrap } from './client'
import type { components } from './schema'
import type { Peaks, Recording, Run, RunOptions, StageName, Transcript } from './types'

/** The enumerations of the request are checked by the service, with codes of their own. */
function asked(options: RunOptions) {
  return options as components['schemas']['RunOptionsIn']
}

export function signIn(secret: string) {
  return unwrap(client.POST('/api/v1/auth/link', { body: { secret } }))
}

export function signInFromTelegram(initData: string) {
  return unwrap(client.POST('/api/v1/auth/telegram', { body: { init_data: initData } }))
}

export function getMe() {
  return unwrap(client.GET('/api/v1/me'))
}

export function listRecordings(cursor: string | null, limit = 30) {
  return unwrap(client.GET('/api/v1/recordings', { params: { query: { limit, ...(cursor ? { cursor } : {}) } } }))
}

export function getRecording(id: string): Promise<Recording> {
  return unwrap(client.GET('/api/v1/recordings/{recording_id}', { params: { path: { recording_id: id } } }))
}

export function renameRecording(id: string, title: string): Promise<Recording> {
  return unwrap(
    client.PATCH('/api/v1/recordings/{recording_id}', { params: { path: { recording_id: id } }, body: { title } }),
  )
}

export function deleteRecording(id: string) {
  return unwrap(client.DELETE('/api/v1/recordings/{recording_id}', { params: { path: { recording_id: id } } }))
}

/** Deletes while the page is being left: nobody waits for the answer. */
export function deleteOnLeave(id: string): void {
  void fetch(`/api/v1/recordings/${id}`, { method: 'DELETE', headers: requestHeaders(), keepalive: true })
}

export function getPeaks(id: string): Promise<Peaks> {
  return unwrap(client.GET('/api/v1/recordings/{recording_id}/peaks', { params: { path: { recording_id: id } } }))
}

export function mediaTicket(id: string) {
  return unwrap(client.POST('/api/v1/recordings/{recording_id}/media-ticket', { params: { path: { recording_id: id } } }))
}

/** `colour` null: by its place again. */
export function colourSpeaker(runId: string, label: string, colour: number | null) {
  return unwrap(client.PATCH('/api/v1/runs/{run_id}/speakers/{label}', { params: { path: { run_id: runId, label } }, body: { colour } }))
}

/** Names that voices without one may have. */
export function suggestNames(runId: string) {
  return unwrap(client.GET('/api/v1/runs/{run_id}/speakers/suggestions', { params: { path: { run_id: runId } } }))
}

export function getRun(id: string): Promise<Run> {
  return unwrap(client.GET('/api/v1/runs/{run_id}', { params: { path: { run_id: id } } }))
}

export function startRun(recordingId: string, options: RunOptions): Promise<Run> {
  return unwrap(
    client.POST('/api/v1/recordings/{recording_id}/runs', {
      params: { path: { recording_id: recordingId } },
      body: { options: asked(options) },
    }),
  )
}

export function cancelRun(id: string): Promise<Run> {
  return unwrap(client.POST('/api/v1/runs/{run_id}/cancel', { params: { path: { run_id: id } } }))
}

export function rerun(id: string, fromStage: StageName, options: RunOptions): Promise<Run> {
  return unwrap(
    client.POST('/api/v1/runs/{run_id}/rerun', {
      params: { path: { run_id: id } },
      body: { from_stage: fromStage, options: asked(options) },
    }),
  )
}

export function getTranscript(runId: string): Promise<Transcript> {
  return unwrap(client.GET('/api/v1/runs/{run_id}/transcript', { params: { path: { run_id: runId } } }))
}
