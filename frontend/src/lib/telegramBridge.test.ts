import { describe, expect, it, vi } from 'vitest'
import { bridgeOf, type Host, type WebApp } from './telegramBridge'

type Heard = (event: { source: unknown; data: unknown }) => void

function windowOf(more: Partial<Host> = {}): Host & { hear: Heard } {
  const heard: Heard[] = []
  return { addEventListener: (_: string, listener: Heard) => void heard.push(listener), hear: (event) => heard.forEach((listener) => listener(event)), ...more }
}

describe('the bridge to Telegram', () => {
  it('is none outside of Telegram', () => {
    expect(bridgeOf(windowOf(), false)).toBeNull()
  })

  it('posts to an app and hears what the app says', () => {
    const postEvent = vi.fn()
    const host = windowOf({ TelegramWebviewProxy: { postEvent } })
    const bridge = bridgeOf(host, true)
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
    const bridge = bridgeOf(host, true)
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
    const bridge = bridgeOf(windowOf({ Telegram: { WebApp: app } }), false)
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
