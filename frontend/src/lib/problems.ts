/** An error with a stable `code` and, when the service spoke, its words for the person in their language. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly words: string | null = null,
    readonly requestId: string | null = null,
  ) {
    super(words ?? code)
    this.name = 'Problem'
  }
}

/** From an RFC 9457 document, or from whatever a proxy in between has said. */
export function toProblem(status: number, body: unknown): Problem {
  const document = parse(body)
  const words = text(document['detail']) ?? text(document['title'])
  const code = text(document['code'])
  if (code === null) return new Problem(codeOfStatus(status), status, null, text(document['request_id']))
  return new Problem(code, status, words, text(document['request_id']))
}

/** Anything thrown, as a Problem: a failed fetch is `client.offline`. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof TypeError) return new Problem('client.offline', 0)
  return new Problem('client.unexpected', 0)
}

/** What is refused before it is sent. */
const UPLOADS: Record<string, string> = { 'media.empty': 'upload.empty', 'media.unsupported': 'upload.unsupported' }

/** The key of the text to show when the service gave no words of its own. */
export function messageKey(problem: Problem): string {
  const refused = UPLOADS[problem.code]
  if (refused) return refused
  const known = ['client.offline', 'client.unexpected', 'auth.required', 'auth.link_spent', 'not_found', 'too_large', 'busy']
  return `problem.${known.includes(problem.code) ? problem.code.replace('.', '_') : 'client_unexpected'}`
}

function codeOfStatus(status: number): string {
  if (status === 401) return 'auth.required'
  if (status === 404) return 'not_found'
  if (status === 413) return 'too_large'
  if (status === 429 || status >= 502) return 'busy'
  return status === 0 ? 'client.offline' : 'client.unexpected'
}

function parse(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null) return body as Record<string, unknown>
  if (typeof body !== 'string') return {}
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {} // an HTML page of a proxy
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** A bad line, or a service with too much to do: the same may be asked again. */
export function isPassing({ status }: Problem): boolean {
  return status === 0 || status === 429 || status >= 500
}
