import { useQueryClient } from '@tanstack/vue-query'
import { useMessages } from '@/composables/useMessages'
import { asProblem } from '@/lib/problems'
import { useToasts } from '@/stores/toasts'

/** Does something at the service, says how it went, and has what depends on it (`key` of the query) asked for again. */
export function useAttempt() {
  const toasts = useToasts()
  const queries = useQueryClient()
  const { problemText } = useMessages()

  return async function attempt<T>(work: () => Promise<T>, done?: string, key?: readonly unknown[]): Promise<T | null> {
    try {
      const answer = await work()
      if (done) toasts.show(done)
      return answer
    } catch (error) {
      toasts.show(problemText(asProblem(error)), { tone: 'error' })
      return null
    } finally {
      if (key) await queries.invalidateQueries({ queryKey: key })
    }
  }
}
