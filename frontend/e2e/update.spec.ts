import { expect, test } from '@playwright/test'

test('a window that is older than the service goes on in the new build, where the person was going', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByTestId('file-input')).toBeAttached()
  let renewed = false
  page.on('request', (request) => (renewed ||= request.isNavigationRequest()))
  await page.route(/\/assets\/SearchPage-[^/]*\.js$/, async (route) => {
    if (renewed) await route.continue()
    else await route.fulfill({ status: 404, contentType: 'application/problem+json', body: '{}' })
  })
  await page.getByRole('link', { name: 'Поиск' }).first().click()
  await expect(page.getByTestId('search')).toBeVisible()
  await expect(page).toHaveURL(/\/search$/)
  await expect(page.getByRole('status').filter({ hasText: 'Приложение обновилось' })).toBeVisible()
})

test('a file that stays missing is told of, and does not reload the page for ever', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByTestId('file-input')).toBeAttached()
  let loads = 0
  page.on('load', () => (loads += 1))
  await page.route(/\/assets\/SearchPage-[^/]*\.js$/, (route) => route.fulfill({ status: 404, contentType: 'application/problem+json', body: '{}' }))
  await page.getByRole('link', { name: 'Поиск' }).first().click()
  await expect(page.getByRole('status').filter({ hasText: 'Что-то пошло не так' })).toBeVisible()
  expect(loads).toBe(1)
})
