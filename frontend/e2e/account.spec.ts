import { expect, test } from '@playwright/test'
import { obstacles } from './axe'

test.skip(!process.env['STENOGRAM_URL'], 'needs the service')

test('a key is made, shown once, opens the service, and opens nothing once it is revoked', async ({ page }) => {
  const name = `ключ ${Date.now()}`
  await page.goto('/settings')
  await page.getByLabel('Для чего ключ').fill(name)
  await page.getByRole('button', { name: 'Создать ключ' }).click()
  const secret = await page.getByTestId('secret').innerText()
  const key = page.getByTestId('key').filter({ hasText: name })
  await expect(key).toContainText('Только чтение')
  const headers = { Authorization: `Bearer ${secret}` }
  expect((await page.request.get('/api/v1/recordings', { headers })).status()).toBe(200)
  expect(await obstacles(page)).toEqual([])
  await page.reload()
  await expect(key).toBeVisible()
  await expect(page.getByTestId('secret')).toBeHidden()
  await page.getByRole('button', { name: `Отозвать: ${name}` }).click()
  await expect(key).toBeHidden()
  expect((await page.request.get('/api/v1/recordings', { headers })).status()).toBe(401)
})

test('the settings list where one is signed in', async ({ page }) => {
  await page.goto('/settings')
  const sessions = page.getByRole('region', { name: 'Где вы вошли' })
  await expect(sessions.getByRole('listitem').filter({ hasText: 'Это устройство' })).toHaveCount(1)
  await expect(sessions).toContainText('по ссылке')
})

test('the menu of a recording leads to the history of its runs', async ({ page }) => {
  await page.goto('/')
  await page.getByTestId('recording').first().getByRole('button', { name: /Другие действия/ }).click()
  await page.getByRole('menuitem', { name: 'История обработки' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'История обработки' })).toBeVisible()
  await expect(page.getByRole('table').first()).toBeVisible()
  expect(await obstacles(page)).toEqual([])
})
