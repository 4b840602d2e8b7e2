import { expect, test, type Browser, type Page } from '@playwright/test'
import { obstacles } from './axe'

/** Somebody who can leave: the tests' own session is the last administrator's. */
const LINK = process.env['STENOGRAM_GUEST_LINK']

async function asGuest(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] }, locale: 'ru-RU' })
  const page = await context.newPage()
  await page.goto(LINK ?? '')
  await page.waitForURL((url) => url.pathname === '/')
  return page
}

test('the last administrator is told why they cannot leave', async ({ page }) => {
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Удалить аккаунт…' }).click()
  const dialog = page.getByRole('alertdialog', { name: 'Удалить аккаунт?' })
  const leave = dialog.getByRole('button', { name: 'Удалить навсегда' })
  await expect(leave).toBeDisabled()
  await dialog.getByRole('textbox').fill('удали')
  await expect(leave).toBeDisabled()
  await page.route('**/api/v1/me', (route) =>
    route.request().method() === 'DELETE'
      ? route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify({ code: 'account.last_admin', detail: 'Других администраторов нет.' }) })
      : route.continue())
  await dialog.getByRole('textbox').fill('Удалить')
  expect(await obstacles(page)).toEqual([])
  await leave.click()
  await expect(dialog.getByRole('alert')).toHaveText('Других администраторов нет.')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('button', { name: 'Удалить аккаунт…' })).toBeFocused()
})

test('whoever deletes their account takes an archive along, and is out everywhere', async ({ browser }) => {
  test.skip(!LINK, 'needs STENOGRAM_GUEST_LINK: the sign-in link of somebody who is no administrator')
  const page = await asGuest(browser)
  await page.goto('/settings')
  const panel = page.getByRole('region', { name: 'Удаление аккаунта' })
  const saved = page.waitForEvent('download')
  await panel.getByRole('button', { name: 'Скачать всё, что обо мне хранится' }).click()
  expect((await saved).suggestedFilename()).toBe('stenogram.zip')
  const { token } = JSON.parse((await page.evaluate(() => localStorage.getItem('stenogram.token'))) ?? '{}') as { token: string }
  await panel.getByRole('button', { name: 'Удалить аккаунт…' }).click()
  await page.getByRole('alertdialog').getByRole('textbox').fill('удалить')
  await page.getByRole('button', { name: 'Удалить навсегда' }).click()
  await expect(page.getByText('Аккаунт и всё, что в нём было, удалены.')).toBeVisible()
  expect(await page.evaluate(() => localStorage.getItem('stenogram.token'))).toBeNull()
  expect((await page.request.get('/api/v1/me', { headers: { Authorization: `Bearer ${token}` } })).status()).toBe(401)
  await page.goto('/settings')
  await expect(page).toHaveURL(/\/login/)
  await page.context().close()
})
