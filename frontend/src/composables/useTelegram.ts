import { onScopeDispose, toValue, watch, type MaybeRefOrGetter } from 'vue'
import type { Router } from 'vue-router'
import { insideTelegram, isDark, themeOf } from '@/lib/telegram'
import { bridgeOf, handOver, wayOut, type Bridge, type Client, type Data, type Host } from '@/lib/telegramBridge'

let bridge: Bridge | null = null
/** Who wants the main button; the last one has it. */
const wanting: { show: () => void; press: () => void }[] = []
/** Who has something that closing the window would lose. */
const losing = new Set<symbol>()

/** Called once, before the first page: from then on the window follows Telegram's theme, height and notches. */
export function connectTelegram(host: Window, client: Client | null): void {
  bridge = bridgeOf(host as unknown as Host, insideTelegram(host) ? client : null)
  if (!bridge) return
  host.document.documentElement.dataset['telegram'] = ''
  bridge.on('theme_changed', (data) => applyTheme(themeOf(data['theme_params'])))
  bridge.on('viewport_changed', keepHeight)
  bridge.on('safe_area_changed', (data) => keepInsets('--tg-safe', data))
  bridge.on('content_safe_area_changed', (data) => keepInsets('--tg-content-safe', data))
  bridge.on('main_button_pressed', () => wanting.at(-1)?.press())
  for (const asked of ['theme', 'viewport', 'safe_area', 'content_safe_area']) bridge.post(`web_app_request_${asked}`)
  bridge.post('web_app_expand')
  bridge.post('web_app_setup_swipe_behavior', { allow_vertical_swipe: false }) // a list that is pulled down must not close the page
}

/** Telegram shows the page when told that there is something to see; its back button goes where ours would. */
export function followRouter(router: Router): void {
  if (!bridge) return
  const telegram = bridge
  router.afterEach((to) => telegram.post('web_app_setup_back_button', { is_visible: to.path !== '/' && to.name !== 'login' }))
  telegram.on('back_button_pressed', () => {
    if (closeDialog()) return
    const came = (history.state as { back?: unknown } | null)?.back
    if (typeof came === 'string') router.back()
    else void router.replace('/')
  })
  void router.isReady().then(() => telegram.post('web_app_ready'))
}

/** Whether a dialog was open, which goes as by Escape. */
function closeDialog(): boolean {
  const open = document.querySelector('[role="dialog"][data-state="open"]') !== null
  if (open) document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))
  return open
}

/** CSS properties as in tokens.css; the background says whether the rest is light or dark. */
export function applyTheme(theme: Record<string, string>): void {
  const root = document.documentElement
  for (const [name, colour] of Object.entries(theme)) root.style.setProperty(name, colour)
  const background = theme['--tg-theme-bg-color']
  if (!background) return
  root.style.colorScheme = isDark(background) ? 'dark' : 'light'
  // Telegram's own frame goes on where the page ends (--paper above, --surface below).
  const paper = theme['--tg-theme-secondary-bg-color'] ?? background
  bridge?.post('web_app_set_header_color', { color: paper })
  bridge?.post('web_app_set_background_color', { color: paper })
  bridge?.post('web_app_set_bottom_bar_color', { color: background })
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

/** Whether the page can save a file without Telegram. */
export function savesItself(): boolean {
  return !bridge || wayOut(bridge.client) === 'page'
}

/** Telegram gets the file from `path`, which opens without a header. Until the person has said yes or no: both are fine. */
export async function handToTelegram(path: string, name: string): Promise<void> {
  if (bridge) await handOver(bridge, new URL(path, location.origin).href, name)
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

/**
 * Telegram's large button at the bottom, for as long as the caller lives; of several callers the last one has it. Null
 * hides it. False where there is none. A press is nothing that a file dialog would open on: the page was not touched.
 */
export function useMainButton(button: MaybeRefOrGetter<MainButton | null>, press: () => void): boolean {
  if (!bridge) return false
  const own = { press, show: () => showMainButton(toValue(button)) }
  wanting.push(own)
  watch(() => toValue(button), () => wanting.at(-1) === own && own.show(), { immediate: true, deep: true })
  onScopeDispose(() => {
    wanting.splice(wanting.indexOf(own), 1)
    const next = wanting.at(-1)
    if (next) next.show()
    else showMainButton(null)
  })
  return true
}

function showMainButton(shown: MainButton | null): void {
  const look = shown ? { text: shown.text, is_active: shown.active ?? true, is_progress_visible: shown.busy ?? false } : {}
  bridge?.post('web_app_setup_main_button', { is_visible: shown !== null, ...look })
}

/** While true, leaving the page asks first: in Telegram by its own question, in a browser by the browser's. */
export function useClosingConfirmation(unsaved: MaybeRefOrGetter<boolean>): void {
  const own = Symbol('unsaved')
  const ask = (event: BeforeUnloadEvent) => event.preventDefault()
  const set = (needed: boolean) => {
    if (needed) losing.add(own)
    else losing.delete(own)
    bridge?.post('web_app_setup_closing_behavior', { need_confirmation: losing.size > 0 })
    if (needed) window.addEventListener('beforeunload', ask)
    else window.removeEventListener('beforeunload', ask)
  }
  watch(() => toValue(unsaved), set, { immediate: true })
  onScopeDispose(() => set(false))
}
