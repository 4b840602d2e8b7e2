import { describe, expect, it, vi } from 'vitest'
import { bridgeOf, handOver, wayOut, type Host, type WebApp } from './telegramBridge'

const PHONE = { version: '8.0', platform: 'android' }

type Heard = (event: { source: unknown; data: unknown }) => void

function windowOf(more: Partial<Host> = {}): Host & { hear: Heard } {
  const heard: Heard[] = []
  return { addEventListener: (_: string, listener: Heard) => void heard.push(listener), hear: (event) => heard.forEach((listener) => listener(event)), ...more }
}

describe('the bridge to Telegram', () => {
  it('is none outside of Telegram', () => {
    expect(bridgeOf(windowOf(), null)).toBeNull()
  })

  it('posts to an app and hears what the app says', () => {
    const postEvent = vi.fn()
    const host = windowOf({ TelegramWebviewProxy: { postEvent } })
    const bridge = bridgeOf(host, PHONE)
    const pressed = vi.fn()
    const stop = bridge?.on('back_button_pressed', pressed)
    bridge?.post('web_app_setup_back_button', { is_visible: true })
    expect(postEvent).toHaveBeenCalledWith('web_app_setup_back_button', '{"is_visible":true}')
    const view = host.Telegram?.WebView as { receiveEvent: (event: string, data: unknown) => void }
    view.receiveEvent('back_button_pressed', null)
    stop?.()
    view.receiveEvent('back_button_pressed', null)
    expect(pressed).toHaveBeenCalledTimes(1)
  })

  it('speaks to the frame of the web version alone, and hears nobody else', () => {
    const parent = { postMessage: vi.fn() }
    const host = windowOf({ parent })
    const bridge = bridgeOf(host, PHONE)
    const changed = vi.fn()
    bridge?.on('theme_changed', changed)
    bridge?.post('web_app_ready')
    expect(parent.postMessage).toHaveBeenCalledWith('{"eventType":"web_app_ready","eventData":{}}', 'https://web.telegram.org')
    const data = JSON.stringify({ eventType: 'theme_changed', eventData: { theme_params: { bg_color: '#000000' } } })
    host.hear({ source: {}, data })
    host.hear({ source: parent, data: 'not json' })
    expect(changed).not.toHaveBeenCalled()
    host.hear({ source: parent, data })
    expect(changed).toHaveBeenCalledWith({ theme_params: { bg_color: '#000000' } })
  })

  it('speaks to Telegram.WebApp where there is one', () => {
    const calls: Record<string, () => void> = {}
    const app: WebApp = {
      themeParams: { text_color: '#ffffff' },
      BackButton: { show: vi.fn(), hide: vi.fn(), onClick: (pressed) => (calls['back'] = pressed) },
      HapticFeedback: { impactOccurred: vi.fn() },
      enableClosingConfirmation: vi.fn(),
      onEvent: (event, listener) => (calls[event] = listener),
    }
    const bridge = bridgeOf(windowOf({ Telegram: { WebApp: app } }), null)
    const heard = vi.fn()
    bridge?.on('theme_changed', heard)
    bridge?.on('back_button_pressed', heard)
    calls['themeChanged']?.()
    calls['back']?.()
    expect(heard.mock.calls).toEqual([[{ theme_params: { text_color: '#ffffff' } }], [{}]])
    bridge?.post('web_app_setup_back_button', { is_visible: true })
    bridge?.post('web_app_setup_closing_behavior', { need_confirmation: true })
    bridge?.post('web_app_trigger_haptic_feedback', { type: 'impact', impact_style: 'light' })
    expect(app.BackButton?.show).toHaveBeenCalledOnce()
    expect(app.enableClosingConfirmation).toHaveBeenCalledOnce()
    expect(app.HapticFeedback?.impactOccurred).toHaveBeenCalledWith('light')
  })
})

describe('a file on its way out of the window', () => {
  it.each([
    ['8.0', 'android', 'telegram'],
    ['10.1', 'tdesktop', 'telegram'],
    ['7.10', 'android_x', 'browser'],
    ['7.0', 'ios', 'browser'],
    ['7.10', 'tdesktop', 'page'],
    ['', '', 'page'],
  ])('version %s on “%s” goes by %s', (version, platform, way) => expect(wayOut({ version, platform })).toBe(way))

  it.each(['downloading', 'cancelled'])('is asked for, and “%s” ends the asking', async (status) => {
    const postEvent = vi.fn()
    const host = windowOf({ TelegramWebviewProxy: { postEvent } })
    const bridge = bridgeOf(host, PHONE)
    if (!bridge) throw new Error('no bridge')
    let ended = false
    const handed = handOver(bridge, 'https://a.example/x?ticket=1', 'Речь.docx').then(() => (ended = true))
    expect(postEvent).toHaveBeenCalledExactlyOnceWith('web_app_request_file_download', '{"url":"https://a.example/x?ticket=1","file_name":"Речь.docx"}')
    await Promise.resolve()
    expect(ended).toBe(false)
    const view = host.Telegram?.WebView as { receiveEvent: (event: string, data: unknown) => void }
    view.receiveEvent('file_download_requested', { status })
    await handed
    expect(ended).toBe(true)
  })

  it('is opened in a browser where an older app of a phone cannot get it', async () => {
    const postEvent = vi.fn()
    const bridge = bridgeOf(windowOf({ TelegramWebviewProxy: { postEvent } }), { version: '7.2', platform: 'ios' })
    if (!bridge) throw new Error('no bridge')
    await handOver(bridge, 'https://a.example/x?ticket=1', 'x.srt')
    expect(postEvent).toHaveBeenCalledExactlyOnceWith('web_app_open_link', '{"url":"https://a.example/x?ticket=1"}')
  })

  it('goes by Telegram.WebApp where there is one', async () => {
    const downloadFile = vi.fn((_: unknown, answered: (accepted: boolean) => void) => answered(false))
    const bridge = bridgeOf(windowOf({ Telegram: { WebApp: { ...PHONE, downloadFile } } }), null)
    if (!bridge) throw new Error('no bridge')
    await handOver(bridge, 'https://a.example/x', 'x.srt')
    expect(downloadFile.mock.calls[0]?.[0]).toEqual({ url: 'https://a.example/x', file_name: 'x.srt' })
  })
})
