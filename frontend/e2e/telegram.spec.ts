import { expect, test, type Page } from '@playwright/test'
import { openFinished } from './support'

const service = process.env.STENOGRAM_URL
const launch = process.env.STENOGRAM_LAUNCH
test.skip(Boolean(service) && !launch, 'the service under test has no bot')

const THEME = encodeURIComponent(JSON.stringify({ bg_color: '#17212b', text_color: '#f5f5f5' }))
const NOBODY = { cookies: [], origins: [] }

/** The address of a finished recording as Telegram opens it: the service's own, or one that the stand-in believes. */
async function opened(page: Page): Promise<string> {
  if (launch) return launch
  await openFinished(page)
  return `${new URL(page.url()).pathname}#tgWebAppData=${encodeURIComponent('user={}&hash=mock')}&tgWebAppVersion=8.0&tgWebAppThemeParams=${THEME}`
}

test('a button of the bot opens the recording, signed in, in colours of Telegram', async ({ page, browser }) => {
  const address = await opened(page)
  const phone = await (await browser.newContext({ storageState: NOBODY })).newPage()
  const asked: string[] = []
  phone.on('request', (request) => asked.push(new URL(request.url()).host))
  await phone.goto(address)
  await expect(phone.locator('.said').first()).toBeVisible()
  expect(new URL(phone.url()).pathname).toBe(address.split('#')[0])
  expect(phone.url()).not.toContain('#')
  expect(await phone.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark')
  expect(new Set(asked)).toEqual(new Set([new URL(phone.url()).host])) // nobody else hears of it

  await phone.evaluate(() => { // the session ends while the page is away
    const stored = JSON.parse(localStorage.getItem('stenogram.token') ?? '{}') as { expiresAt: string }
    localStorage.setItem('stenogram.token', JSON.stringify({ ...stored, expiresAt: '2020-01-01T00:00:00Z' }))
  })
  await phone.reload()
  await expect(phone.locator('.said').first()).toBeVisible()
  await phone.context().close()
})

test('a session that ends while the page is open is renewed before the next request', async ({ page, browser }) => {
  test.skip(Boolean(service), 'a service would give a token for this hour, not for the one to which the page\'s clock is put')
  const address = await opened(page)
  const phone = await (await browser.newContext({ storageState: NOBODY })).newPage()
  await phone.clock.install()
  await phone.goto(address)
  await expect(phone.locator('.said').first()).toBeVisible()
  await phone.clock.fastForward('12:00:00')
  const renewed = phone.waitForRequest((request) => request.url().endsWith('/auth/telegram'))
  await phone.getByRole('link', { name: 'Stenogram' }).first().click()
  await renewed
  await expect(phone.getByTestId('recording').first()).toBeVisible()
  await phone.context().close()
})

test('data that Telegram did not sign are refused in words that help', async ({ page, browser }) => {
  const address = (await opened(page)).replace(/hash%3D\w+/, 'hash%3D0')
  const phone = await (await browser.newContext({ storageState: NOBODY })).newPage()
  await phone.goto(address)
  await expect(phone.getByRole('alert')).toContainText(/кнопкой в боте|button of the bot/)
  await expect(phone.getByRole('button', { name: /Повторить|Try again/ })).toBeHidden()
  await expect(phone.getByRole('textbox')).toBeHidden()
  expect(phone.url()).not.toContain('tgWebApp')
  await phone.context().close()
})

test('a link with data of its own changes nothing for somebody who is signed in', async ({ page }) => {
  const address = (await opened(page)).replace(/hash%3D\w+/, 'hash%3D0')
  test.skip(Boolean(service), 'who is signed in there has no such recording')
  await page.goto('/login')
  await page.goto(address)
  await expect(page.locator('.said').first()).toBeVisible()
})
