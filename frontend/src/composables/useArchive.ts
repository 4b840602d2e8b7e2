import { exportTicket } from '@/api/account'
import { useAttempt } from './useAttempt'
import { handToTelegram, savesItself } from './useTelegram'

/** Has the browser, or Telegram, save the archive of everything that is kept of one. */
export function useArchive(): () => Promise<void> {
  const attempt = useAttempt()
  return async () => {
    const ticket = await attempt(exportTicket)
    if (!ticket) return
    if (savesItself()) location.assign(ticket.url)
    else await handToTelegram(ticket.url, 'stenogram.zip')
  }
}
