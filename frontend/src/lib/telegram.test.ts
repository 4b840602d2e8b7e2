import { describe, expect, it } from 'vitest'
import { insideTelegram, isDark, isLaunch, keptLaunch, launchOf } from './telegram'

const DATA = 'query_id=AA&user=%7B%22id%22%3A7%2C%22first_name%22%3A%22%D0%90%2B%22%7D&auth_date=1&hash=c0'
const THEME = { bg_color: '#17212b', secondary_bg_color: '#000000', text_color: 'red;}', button_color: 7 }
const HASH = `#tgWebAppData=${encodeURIComponent(DATA)}&tgWebAppVersion=8.0&tgWebAppPlatform=android&tgWebAppThemeParams=${encodeURIComponent(JSON.stringify(THEME))}`

describe('launchOf', () => {
  it('gives the data as Telegram signed them, and colours that are colours', () => {
    expect(launchOf(HASH)).toEqual({
      initData: DATA,
      theme: { '--tg-theme-bg-color': '#17212b', '--tg-theme-secondary-bg-color': '#000000' },
      version: '8.0',
      platform: 'android',
    })
  })

  it.each(['', '#', '#abc', '#tgWebAppVersion=8.0', '#tgWebAppData=', '#xtgWebAppData=1'])('finds none in “%s”', (hash) => expect(launchOf(hash)).toBeNull())

  it('trusts no link that brought data of its own', () => expect(launchOf(`#tgWebAppData=mine&${HASH.slice(1)}`)).toBeNull())

  it.each(['', '[]', 'null', '{', '"x"'])('lives with the theme “%s”', (theme) => {
    expect(launchOf(`#tgWebAppData=a&tgWebAppThemeParams=${encodeURIComponent(theme)}`)).toEqual({ initData: 'a', theme: {}, version: '', platform: '' })
  })

  it('comes back from storage', () => {
    const launch = launchOf(HASH)
    expect(keptLaunch(JSON.stringify(launch))).toEqual(launch)
    for (const kept of [null, '', '{}', '{"initData":""}', '{"initData":"a"}', '{"initData":1,"theme":{}}']) expect(keptLaunch(kept)).toBeNull()
  })
})

it('knows what is not for the address bar', () => {
  expect(isLaunch(HASH)).toBe(true)
  expect(isLaunch(decodeURIComponent(HASH))).toBe(true)
  expect(isLaunch('#a-secret')).toBe(false)
})

it('knows where it is', () => {
  const page: { parent?: unknown; external?: unknown } = { external: {} }
  page.parent = page
  expect(insideTelegram(page)).toBe(false)
  expect(insideTelegram({ ...page, parent: {} })).toBe(true)
  expect(insideTelegram(Object.assign({ external: { notify: () => undefined } }))).toBe(true)
  expect(insideTelegram(Object.assign({ TelegramWebviewProxy: {} }))).toBe(true)
})

it.each([['#17212b', true], ['#ffffff', false], ['#000000', true], ['#f7f5f1', false]])('%s dark: %s', (colour, dark) => expect(isDark(colour)).toBe(dark))
