/**
 * The application opens without a network (worker/shell.js); in Telegram's windows, which are always fresh, it need not.
 * `newer` is called when a newer build has taken over from the one that this window came from.
 */
export function keepShell(inTelegram: boolean, newer: () => void): void {
  if (!import.meta.env.PROD || inTelegram || !('serviceWorker' in navigator)) return
  const { serviceWorker } = navigator
  if (serviceWorker.controller) serviceWorker.addEventListener('controllerchange', newer)
  window.addEventListener('load', () => {
    void serviceWorker.register('/sw.js').then(lookOften, () => undefined) // forbidden in private windows: then without
  })
}

/** A browser looks for a newer worker at a navigation, which a window of ours may not see for days. */
function lookOften(registration: ServiceWorkerRegistration): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.update().catch(() => undefined) // no network: another time
  })
}
