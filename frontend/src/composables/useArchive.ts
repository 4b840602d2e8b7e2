import { exportTicket } from '@/api/account'
import { useAttempt } from './useAttempt'

/** Has the browser save the archive of everything that is kept of one. */
export function useArchive(): () => Promise<void> {
  const attempt = useAttempt()
  return async () => {
    const ticket = await attempt(exportTicket)
    if (ticket) location.assign(ticket.url)
  }
}
