import { onScopeDispose, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { Router } from 'vue-router'
import { insideTelegram, isDark, themeOf } from '@/lib/telegram'
import { bridgeOf, type Bridge, type Data, type Host } from '@/lib/telegramBridge'

let bridge: Bridge | null = null

/** Called once, before the first page: from then on the window follows Telegram's theme, height and notches. */
export function connectTelegram(host: Window, launched: boolean): void {
  bridge = bridgeOf(host as unknown as Host, launched && insideTelegram(host))
  if (!bridge) return
  host.document.documentElement.dataset['telegram'] = ''
  bridge.on('theme_changed', (data) => applyTheme(themeOf(data['theme_params'])))
  bridge.on('viewport_changed', keepHeight)
  bridge.on('safe_area_changed', (data) => keepInsets('--tg-safe', data))
  bridge.on('content_safe_area_changed', (data) => keepInsets('--tg-content-safe', data))
  for (const asked of ['theme', 'viewport', 'safe_area', 'content_safe_area']) bridge.post(`web_app_request_${asked}`)
  bridge.post('web_app_expand')
}

/** Telegram shows the page when told that there is something to see; its back button goes where ours would. */
export function followRouter(router: Router): void {
  if (!bridge) return
  const telegram = bridge
  router.afterEach((to) => telegram.post('web_app_setup_back_button', { is_visible: to.path !== '/' && to.name !== 'login' }))
  telegram.on('back_button_pressed', () => {
    const came = (history.state as { back?: unknown } | null)?.back
    if (typeof came === 'string') router.back()
    else void router.replace('/')
  })
  void router.isReady().then(() => telegram.post('web_app_ready'))
}

/** CSS properties as in tokens.css; the background says whether the rest is light or dark. */
export function applyTheme(theme: Record<string, string>): void {
  const root = document.documentElement
  for (const [name, colour] of Object.entries(theme)) root.style.setProperty(name, colour)
  const background = theme['--tg-theme-bg-color']
  if (background) root.style.colorScheme = isDark(background) ? 'dark' : 'light'
}

/** Only a height that will stay: while the window is dragged or a keyboard slides in, nothing is to jump. */
function keepHeight(data: Data): void {
  const height = data['height']
  if (data['is_state_stable'] !== true || typeof height !== 'number') return
  document.documentElement.style.setProperty('--app-height', `${height}px`)
}

function keepInsets(prefix: string, data: Data): void {
  for (const side of ['top', 'right', 'bottom', 'left']) {
    const inset = data[side]
    if (typeof inset === 'number') document.documentElement.style.setProperty(`${prefix}-${side}`, `${inset}px`)
  }
}

export type Haptic = 'light' | 'medium' | 'select' | 'success' | 'warning' | 'error'

/** A touch in the hand, where the phone can; silent elsewhere. */
export function haptic(kind: Haptic): void {
  bridge?.post('web_app_trigger_haptic_feedback', hapticOf(kind))
}

function hapticOf(kind: Haptic): Data {
  if (kind === 'select') return { type: 'selection_change' }
  if (kind === 'light' || kind === 'medium') return { type: 'impact', impact_style: kind }
  return { type: 'notification', notification_type: kind }
}

export interface MainButton {
  text: string
  active?: boolean
  busy?: boolean
}

/** Telegram's large button at the bottom, for as long as the caller lives; null hides it. False where there is none. */
export function useMainButton(button: MaybeRefOrGetter<MainButton | null>, press: () => void): boolean {
  if (!bridge) return false
  const telegram = bridge
  const stopListening = telegram.on('main_button_pressed', press)
  const show = (shown: MainButton | null) =>
    telegram.post('web_app_setup_main_button', {
      is_visible: shown !== null,
      ...(shown ? { text: shown.text, is_active: shown.active ?? true, is_progress_visible: shown.busy ?? false } : {}),
    })
  watch(() => toValue(button), show, { immediate: true, deep: true })
  onScopeDispose(() => {
    stopListening()
    show(null)
  })
  return true
}

/** While true, leaving the page asks first: in Telegram by its own question, in a browser by the browser's. */
export function useClosingConfirmation(unsaved: MaybeRefOrGetter<boolean>): void {
  const ask = (event: BeforeUnloadEvent) => event.preventDefault()
  const set = (needed: boolean) => {
    bridge?.post('web_app_setup_closing_behavior', { need_confirmation: needed })
    if (needed) window.addEventListener('beforeunload', ask)
    else window.removeEventListener('beforeunload', ask)
  }
  watch(() => toValue(unsaved), set, { immediate: true })
  onScopeDispose(() => set(false))
}
