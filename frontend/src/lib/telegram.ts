/**
 * What Telegram tells a page that it opens, read from the address itself. Telegram's own script (telegram-web-app.js) does
 * no more for this, and loading it would tell telegram.org about every opening, with the person's address; it would need
 * a hole in our Content-Security-Policy, and where telegram.org is not reached the page would not open at all.
 */
export interface Launch {
  /** Signed by Telegram: who has opened the page. The service checks it. */
  initData: string
  /** CSS custom properties of Telegram's theme, as in tokens.css. */
  theme: Record<string, string>
  /** Of what the app understands, as “8.0”. */
  version: string
  /** As “android”. */
  platform: string
}

/** From the raw `location.hash`; null when Telegram did not open the page, or did not say for whom. */
export function launchOf(hash: string): Launch | null {
  const told = new URLSearchParams(hash.replace(/^#/, ''))
  const [initData, ...more] = told.getAll('tgWebAppData')
  // Telegram appends its data to whatever fragment a link has: one that brings data of its own is a trick.
  if (!initData || more.length > 0) return null
  const version = told.get('tgWebAppVersion') ?? ''
  const platform = told.get('tgWebAppPlatform') ?? ''
  return { initData, theme: themeOf(parsed(told.get('tgWebAppThemeParams'))), version, platform }
}

/** Whether a fragment is Telegram's, and thus not for the address bar; takes it decoded too. */
export function isLaunch(hash: string): boolean {
  return /[#&]tgWebAppData=/.test(hash)
}

/** Whether the page is in a window of Telegram's: an app, or a frame of its web version. */
export function insideTelegram(host: object & { parent?: unknown; external?: unknown }): boolean {
  const { external } = host
  const notified = typeof external === 'object' && external !== null && 'notify' in external
  return 'TelegramWebviewProxy' in host || notified || (host.parent !== undefined && host.parent !== host)
}

/** A launch that was kept as JSON. */
export function keptLaunch(json: string | null): Launch | null {
  const value = parsed(json)
  return typeof value['initData'] === 'string' && value['initData'] !== '' && isRecord(value['theme'])
    ? { initData: value['initData'], theme: colours(value['theme']), version: text(value['version']), platform: text(value['platform']) }
    : null
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Whether a background (`#rrggbb`) asks for light text. */
export function isDark(colour: string): boolean {
  const channel = (at: number) => parseInt(colour.slice(at, at + 2), 16)
  return 0.299 * channel(1) + 0.587 * channel(3) + 0.114 * channel(5) < 128
}

/** CSS custom properties out of Telegram's theme parameters; what is no colour is left out. */
export function themeOf(params: unknown): Record<string, string> {
  const names = Object.entries(isRecord(params) ? params : {}).map(([name, value]) => [`--tg-theme-${name.replaceAll('_', '-')}`, value])
  return colours(Object.fromEntries(names) as Record<string, unknown>)
}

function colours(theme: Record<string, unknown>): Record<string, string> {
  const sane = Object.entries(theme).filter(
    (entry): entry is [string, string] => /^--tg-theme-[a-z-]+$/.test(entry[0]) && typeof entry[1] === 'string' && /^#[0-9a-f]{6}$/i.test(entry[1]),
  )
  return Object.fromEntries(sane)
}

function parsed(json: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json ?? 'null')
    return isRecord(value) ? value : {}
  } catch {
    return {} // not Telegram's
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
