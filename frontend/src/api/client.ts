import createClient, { type Middleware } from 'openapi-fetch'
import { asProblem, toProblem } from '@/lib/problems'
import type { paths } from './schema'

export interface Credentials {
  token: () => string | null
  language: () => string
  /** The service no longer accepts the token. */
  rejected: () => void
}

let credentials: Credentials = { token: () => null, language: () => 'en', rejected: () => undefined }

/** Called once by the composition root: the client itself knows neither stores nor routes. */
export function useCredentials(given: Credentials): void {
  credentials = given
}

/** Headers that every request carries, those of uploads and event streams too. */
export function requestHeaders(): Record<string, string> {
  const token = credentials.token()
  return { 'Accept-Language': credentials.language(), ...(token ? { Authorization: `Bearer ${token}` } : {}) }
}

export function reportRejected(): void {
  credentials.rejected()
}

const identity: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(requestHeaders())) request.headers.set(name, value)
    return request
  },
  onError({ error }) {
    return asProblem(error)
  },
}

export const client = createClient<paths>({ baseUrl: '/' })
client.use(identity)

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The body of a good answer; anything else is thrown as a Problem. */
export async function unwrap<T>(pending: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await pending
  if (response.ok) return data as T
  const problem = toProblem(response.status, error)
  if (problem.status === 401) reportRejected()
  throw problem
}
