import { expect, test } from '@playwright/test'

test.use({ storageState: { cookies: [], origins: [] } })

test('a spent link says what to do', async ({ page }) => {
  await page.goto('/login#not-a-link')
  await expect(page.getByRole('alert')).toContainText('stenogram link')
  await expect(page).toHaveURL(/\/login$/) // no secret stays in the address bar
})

test('a page for the signed-in leads to the sign-in page', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { name: 'Вход' })).toBeVisible()
})
