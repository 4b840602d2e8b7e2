import { QueryClient, type VueQueryPluginOptions } from '@tanstack/vue-query'
import { asProblem } from '@/lib/problems'

const FRESH_MS = 15_000
const TRIES = 2

/** What was asked of the service lately; a mistake of the caller's is not asked again, a bad line is. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (failures, error) => failures < TRIES && transient(asProblem(error).status),
      networkMode: 'always', // a service on this very machine answers without a network
    },
    mutations: { networkMode: 'always' },
  },
})

function transient(status: number): boolean {
  return status === 0 || status === 429 || status >= 500
}

export const queryOptions: VueQueryPluginOptions = { queryClient: queries }
