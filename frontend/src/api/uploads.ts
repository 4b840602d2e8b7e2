import { DetailedError, Upload } from 'tus-js-client'
import { Problem, asProblem, toProblem } from '@/lib/problems'
import { freshHeaders, reportRejected } from './client'
import type { RunOptions } from './types'

export interface UploadListener {
  progress: (sent: number, total: number) => void
  /** The service has the whole file; the id of its recording when it said so. */
  finished: (recordingId: string | null) => void
  failed: (problem: Problem) => void
}

export interface UploadHandle {
  start: () => Promise<void>
  pause: () => Promise<void>
  /** Ends the upload and frees what the service kept of it. */
  discard: () => Promise<void>
}

const CHUNK_BYTES = 8 * 1024 * 1024
const RETRY_DELAYS_MS = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000]

/** A resumable upload. The same file with the same options goes on where it broke off, in a later visit too. */
export function createUpload(file: File, options: RunOptions, listener: UploadListener): UploadHandle {
  let recordingId: string | null = null
  const metadata = { filename: file.name, filetype: file.type || 'application/octet-stream', options: JSON.stringify(options) }
  const upload = new Upload(file, {
    endpoint: '/api/v1/uploads/',
    chunkSize: CHUNK_BYTES,
    retryDelays: RETRY_DELAYS_MS,
    removeFingerprintOnSuccess: true,
    metadata,
    onBeforeRequest: async (request) => {
      for (const [name, value] of Object.entries(await freshHeaders())) request.setHeader(name, value)
    },
    onAfterResponse: (_request, response) => {
      recordingId = response.getHeader('Stenogram-Recording-Id') ?? recordingId
    },
    onShouldRetry: (error) => worthRetrying(error),
    onProgress: listener.progress,
    onSuccess: () => listener.finished(recordingId),
    onError: (error) => listener.failed(uploadProblem(error)),
  })
  return {
    start: async () => {
      const earlier = (await upload.findPreviousUploads()).find((one) => one.metadata['options'] === metadata.options)
      if (earlier) upload.resumeFromPreviousUpload(earlier)
      upload.start()
    },
    pause: () => upload.abort(),
    discard: () => upload.abort(true).catch(() => undefined), // what the service kept expires by itself
  }
}

/** The line, a busy service and a lock held by a dying request pass; a refusal stays one. */
function worthRetrying(error: DetailedError): boolean {
  const status = error.originalResponse?.getStatus() ?? 0
  return status === 0 || status === 409 || status === 423 || status === 429 || (status >= 500 && status !== 507)
}

function uploadProblem(error: Error | DetailedError): Problem {
  if (!(error instanceof DetailedError)) return asProblem(error)
  if (!error.originalResponse) return new Problem('client.offline', 0)
  const problem = toProblem(error.originalResponse.getStatus(), error.originalResponse.getBody())
  if (problem.status === 401) reportRejected()
  return problem
}
