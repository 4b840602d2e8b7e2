import type { Router } from 'vue-router'
import { i18n } from '@/i18n'
import { recall, remember } from '@/lib/storage'
import { useToasts } from '@/stores/toasts'

const KEY = 'stenogram.reloaded'
/** A second file that is missing so soon after is no matter of versions. */
const AGAIN_MS = 60_000
const OFFER_SECONDS = 30
const SAID_SECONDS = 12

/**
 * A window outlives the build that it came from. A file that the service no longer has brings the newest page, where the
 * person was going; what was typed lies in the browser's own storage (editor/journal.ts), and whoever would lose something
 * else is asked by the browser first.
 */
export function followUpdates(router: Router): void {
  const { t } = i18n.global
  const toasts = useToasts()
  let target: string | null = null
  router.beforeEach((to) => {
    target = to.fullPath
  })
  router.afterEach(() => {
    target = null
  })
  window.addEventListener('vite:preloadError', () => {
    if (!navigator.onLine) toasts.show(t('problem.client_offline'), { tone: 'error' })
    else if (Date.now() - Number(recall(KEY, 'visit')) < AGAIN_MS) toasts.show(t('problem.client_unexpected'), { tone: 'error' })
    else renew(target)
  })
  if (recall(KEY, 'visit')?.endsWith('!')) {
    remember(KEY, String(Date.now()), 'visit')
    void router.isReady().then(() => toasts.show(t('app.updated'), { seconds: SAID_SECONDS }))
  }
}

/** The mark tells the next page what it has to say. */
function renew(target: string | null): void {
  remember(KEY, `${Date.now()}!`, 'visit')
  if (target === null || target === location.pathname + location.search + location.hash) location.reload()
  else location.assign(target)
}

/** Says that there is a newer build, whose files are at hand already. */
export function offerUpdate(): void {
  const { t } = i18n.global
  useToasts().show(t('app.newer'), { action: { label: t('app.reload'), run: () => location.reload() }, seconds: OFFER_SECONDS })
}
