import createClient, { type Middleware } from 'openapi-fetch'
import { asProblem, toProblem } from '@/lib/problems'
import type { paths } from './schema'

export interface Credentials {
  token: () => string | null
  language: () => string
  /** Sees to it, before a request, that the token is not over, as far as it can. */
  renew: () => Promise<void>
  /** The service no longer accepts the token. */
  rejected: () => void
}

let credentials: Credentials = { token: () => null, language: () => 'en', renew: () => Promise.resolve(), rejected: () => undefined }

/** Called once by the composition root: the client itself knows neither stores nor routes. */
export function useCredentials(given: Credentials): void {
  credentials = given
}

/** Headers that every request carries, those of uploads and event streams too. */
export function requestHeaders(): Record<string, string> {
  const token = credentials.token()
  return { 'Accept-Language': credentials.language(), ...(token ? { Authorization: `Bearer ${token}` } : {}) }
}

/** The same, the token renewed where it has to be. Throws the Problem of a renewal that fails. */
export async function freshHeaders(): Promise<Record<string, string>> {
  await credentials.renew()
  return requestHeaders()
}

export function reportRejected(): void {
  credentials.rejected()
}

const identity: Middleware = {
  async onRequest({ request, schemaPath }) {
    const headers = schemaPath.startsWith('/api/v1/auth/') ? requestHeaders() : await freshHeaders() // renewing must not wait for itself
    for (const [name, value] of Object.entries(headers)) request.headers.set(name, value)
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
