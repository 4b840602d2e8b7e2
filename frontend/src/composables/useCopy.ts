import { useI18n } from 'vue-i18n'
import { useToasts } from '@/stores/toasts'

/** Puts text on the clipboard, and says whether the browser has let it: without HTTPS, or in a frame, it may not. */
export function useCopy() {
  const { t } = useI18n()
  const toasts = useToasts()

  return async function copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      toasts.show(t('sharing.copied'))
    } catch {
      toasts.show(t('sharing.not_copied'), { tone: 'error' }) // nothing is lost: the text is still on the page
    }
  }
}
