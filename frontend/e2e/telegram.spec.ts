import { expect, test } from '@playwright/test'

const address = process.env.STENOGRAM_LAUNCH ?? ''
test.skip(!address, 'the service under test has no bot')

const FORGED = address.replace(/hash%3D\w+/, 'hash%3D0')
const NOBODY = { cookies: [], origins: [] }

test('a button of the bot opens the recording, signed in, in colours of Telegram', async ({ browser }) => {
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

test('a session that ends while the page is open is renewed before the next request', async ({ browser }) => {
  const phone = await (await browser.newContext({ storageState: NOBODY })).newPage()
  let asked = 0
  await phone.route('**/auth/telegram', async (route) => {
    asked += 1
    const answer = await route.fetch()
    const given = (await answer.json()) as object
    if (asked > 1) await route.fulfill({ response: answer })
    else await route.fulfill({ response: answer, json: { ...given, expires_at: new Date().toISOString() } }) // over at once
  })
  await phone.goto(address)
  await expect(phone.locator('.said').first()).toBeVisible()
  await phone.getByRole('link', { name: 'Stenogram' }).first().click()
  await expect(phone.getByTestId('recording').first()).toBeVisible()
  expect(asked).toBe(2)
  await phone.context().close()
})

test('data that Telegram did not sign are refused in words that help', async ({ browser }) => {
  const phone = await (await browser.newContext({ storageState: NOBODY })).newPage()
  await phone.goto(FORGED)
  await expect(phone.getByRole('alert')).toContainText(/кнопкой в боте|button of the bot/)
  await expect(phone.getByRole('button', { name: /Повторить|Try again/ })).toBeHidden()
  await expect(phone.getByRole('textbox')).toBeHidden()
  expect(phone.url()).not.toContain('tgWebApp')
  await phone.context().close()
})

test('a link with data of its own changes nothing for somebody who is signed in', async ({ page }) => {
  await page.goto('/login')
  await page.goto(`/#${FORGED.split('#')[1] ?? ''}`)
  await expect(page.getByTestId('file-input')).toBeAttached()
  await expect(page.getByRole('alert')).toBeHidden()
})
