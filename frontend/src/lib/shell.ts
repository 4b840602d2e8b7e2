/** The application opens without a network (worker/shell.js); in Telegram's windows, which are always fresh, it need not. */
export function keepShell(inTelegram: boolean): void {
  // A file of an older build that the service no longer has: the newest page knows the newest files.
  window.addEventListener('vite:preloadError', (event) => {
    if (!navigator.onLine) return
    event.preventDefault()
    location.reload()
  })
  if (!import.meta.env.PROD || inTelegram || !('serviceWorker' in navigator)) return
  window.addEventListener('load', () => {
    navigator.serviceWorker.register('/sw.js').catch(() => undefined) // forbidden in private windows: then without
  })
}
