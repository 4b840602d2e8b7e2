/**
 * Telegram's side of the conversation with the window that it opens: events by name, both ways, with plain data. What its
 * own script (telegram-web-app.js) says is said here directly, for that script is not loaded (see telegram.ts). Where a
 * page has `window.Telegram.WebApp` all the same, that object is spoken to.
 */
export type Data = Record<string, unknown>
export type Listener = (data: Data) => void

export interface Client {
  readonly version: string
  readonly platform: string
}

export interface Bridge {
  /** Of the app and what it understands. */
  readonly client: Client
  post(event: string, data?: Data): void
  /** Gives back how to stop listening. */
  on(event: string, listener: Listener): () => void
}

interface Button {
  show?(): void
  hide?(): void
  setParams?(params: Data): void
  onClick?(pressed: () => void): void
}

/** What of `window.Telegram.WebApp` is used. */
export interface WebApp {
  version?: string
  platform?: string
  themeParams?: Data
  viewportStableHeight?: number
  safeAreaInset?: Data
  contentSafeAreaInset?: Data
  BackButton?: Button
  MainButton?: Button
  HapticFeedback?: { impactOccurred?(style: string): void; notificationOccurred?(kind: string): void; selectionChanged?(): void }
  ready?(): void
  expand?(): void
  enableClosingConfirmation?(): void
  disableClosingConfirmation?(): void
  disableVerticalSwipes?(): void
  setHeaderColor?(colour: string): void
  setBackgroundColor?(colour: string): void
  setBottomBarColor?(colour: string): void
  onEvent?(event: string, listener: () => void): void
  openLink?(url: string): void
  downloadFile?(file: Data, answered: (accepted: boolean) => void): void
}

export interface Host {
  parent?: unknown
  external?: unknown
  TelegramWebviewProxy?: { postEvent(event: string, json: string): void }
  Telegram?: { WebApp?: WebApp; WebView?: unknown }
  addEventListener(kind: 'message', listener: (event: { source: unknown; data: unknown }) => void): void
}

const TELEGRAM_WEB = 'https://web.telegram.org'

/** The bridge of this window; null outside of Telegram, and where Telegram has not said which app has opened it. */
export function bridgeOf(host: Host, client: Client | null): Bridge | null {
  const app = host.Telegram?.WebApp
  if (app) return spokenTo(app)
  return client ? posting(host, client) : null
}

/** How a file gets out of Telegram's window: by its own download (Bot API 8.0), by a browser outside of it, or as in any browser. */
export type WayOut = 'telegram' | 'browser' | 'page'

export function wayOut({ version, platform }: Client): WayOut {
  if (Number.parseInt(version, 10) >= 8) return 'telegram'
  return /android|ios/.test(platform) ? 'browser' : 'page'
}

/** Has the app get a file from an address that opens without a header. Telegram asks the person; ends when it has. */
export async function handOver(bridge: Bridge, url: string, name: string): Promise<void> {
  if (wayOut(bridge.client) !== 'telegram') return bridge.post('web_app_open_link', { url })
  const answered = heard(bridge, 'file_download_requested')
  bridge.post('web_app_request_file_download', { url, file_name: name })
  await answered
}

function heard(bridge: Bridge, event: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = bridge.on(event, () => {
      stop()
      resolve()
    })
  })
}

class Listeners {
  private readonly all = new Map<string, Set<Listener>>()

  on(event: string, listener: Listener): () => void {
    const own = this.all.get(event) ?? new Set()
    this.all.set(event, own.add(listener))
    return () => own.delete(listener)
  }

  tell(event: string, data: unknown): void {
    for (const listener of this.all.get(event) ?? []) listener(record(data))
  }
}

function posting(host: Host, client: Client): Bridge {
  const listeners = new Listeners()
  const receiveEvent = (event: string, data: unknown) => listeners.tell(event, data)
  Object.assign(host, { Telegram: { ...host.Telegram, WebView: { receiveEvent } }, TelegramGameProxy_receiveEvent: receiveEvent, TelegramGameProxy: { receiveEvent } })
  host.addEventListener('message', ({ source, data }) => {
    if (source !== host.parent || typeof data !== 'string') return
    const told = parsed(data)
    if (typeof told['eventType'] === 'string') listeners.tell(told['eventType'], told['eventData'])
  })
  return { client, on: (event, listener) => listeners.on(event, listener), post: (event, data = {}) => send(host, event, data) }
}

/** By the way of the app at hand: mobile and macOS, Windows, or the frame of the web version. */
function send(host: Host, event: string, data: Data): void {
  if (host.TelegramWebviewProxy) return host.TelegramWebviewProxy.postEvent(event, JSON.stringify(data))
  const text = JSON.stringify({ eventType: event, eventData: data })
  const external = record(host.external)
  if (typeof external['notify'] === 'function') (external['notify'] as (text: string) => void).call(host.external, text)
  else if (host.parent && host.parent !== host) (host.parent as Window).postMessage(text, TELEGRAM_WEB)
}

function spokenTo(app: WebApp): Bridge {
  const listeners = new Listeners()
  const theme = () => listeners.tell('theme_changed', { theme_params: app.themeParams ?? {} })
  const viewport = () => listeners.tell('viewport_changed', { height: app.viewportStableHeight, is_state_stable: true })
  const safe = () => listeners.tell('safe_area_changed', app.safeAreaInset)
  const content = () => listeners.tell('content_safe_area_changed', app.contentSafeAreaInset)
  app.onEvent?.('themeChanged', theme)
  app.onEvent?.('viewportChanged', viewport)
  app.onEvent?.('safeAreaChanged', safe)
  app.onEvent?.('contentSafeAreaChanged', content)
  app.BackButton?.onClick?.(() => listeners.tell('back_button_pressed', {}))
  app.MainButton?.onClick?.(() => listeners.tell('main_button_pressed', {}))
  const colour = (data: Data) => String(data['color'])
  const orders: Record<string, (data: Data) => void> = {
    web_app_ready: () => app.ready?.(),
    web_app_expand: () => app.expand?.(),
    web_app_request_theme: theme,
    web_app_request_viewport: viewport,
    web_app_request_safe_area: safe,
    web_app_request_content_safe_area: content,
    web_app_setup_back_button: (data) => (data['is_visible'] ? app.BackButton?.show?.() : app.BackButton?.hide?.()),
    web_app_setup_main_button: (data) => app.MainButton?.setParams?.(data),
    web_app_setup_closing_behavior: (data) => (data['need_confirmation'] ? app.enableClosingConfirmation?.() : app.disableClosingConfirmation?.()),
    web_app_setup_swipe_behavior: (data) => data['allow_vertical_swipe'] === false && app.disableVerticalSwipes?.(),
    web_app_set_header_color: (data) => app.setHeaderColor?.(colour(data)),
    web_app_set_background_color: (data) => app.setBackgroundColor?.(colour(data)),
    web_app_set_bottom_bar_color: (data) => app.setBottomBarColor?.(colour(data)),
    web_app_trigger_haptic_feedback: (data) => feel(app, data),
    web_app_open_link: (data) => app.openLink?.(String(data['url'])),
    web_app_request_file_download: (data) => app.downloadFile?.(data, (accepted) => listeners.tell('file_download_requested', { status: accepted ? 'downloading' : 'cancelled' })),
  }
  const client = { version: app.version ?? '', platform: app.platform ?? '' }
  return { client, on: (event, listener) => listeners.on(event, listener), post: (event, data = {}) => orders[event]?.(data) }
}

function feel(app: WebApp, data: Data): void {
  const felt = app.HapticFeedback
  if (data['type'] === 'impact') felt?.impactOccurred?.(String(data['impact_style']))
  else if (data['type'] === 'notification') felt?.notificationOccurred?.(String(data['notification_type']))
  else felt?.selectionChanged?.()
}

function parsed(json: string): Data {
  try {
    return record(JSON.parse(json))
  } catch {
    return {} // some other page's message
  }
}

function record(value: unknown): Data {
  return typeof value === 'object' && value !== null ? (value as Data) : {}
}
