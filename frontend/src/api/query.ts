import { QueryClient, type VueQueryPluginOptions } from '@tanstack/vue-query'
import { asProblem, isPassing } from '@/lib/problems'

const FRESH_MS = 15_000
const TRIES = 2

/** What was asked of the service lately; a mistake of the caller's is not asked again, a bad line is. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (failures, error) => failures < TRIES && isPassing(asProblem(error)),
      networkMode: 'always', // a service on this very machine answers without a network
    },
    mutations: { networkMode: 'always' },
  },
})

export const queryOptions: VueQueryPluginOptions = { queryClient: queries }
