import { expect, test } from '@playwright/test'
import { obstacles } from './axe'
import { givenUp } from './support'

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

test('what the settings say is what an upload starts from, on every device', async ({ page, browser }) => {
  await page.goto('/settings')
  const preset = page.getByLabel('Режим')
  await expect(preset).toBeVisible()
  const [before, other] = (await preset.inputValue()) === 'fast' ? ['fast', 'quality'] : ['quality', 'fast']
  const saved = page.waitForResponse((answer) => answer.url().endsWith('/me/settings') && answer.request().method() === 'PATCH')
  await preset.selectOption(other)
  expect((await saved).status()).toBe(200)

  const elsewhere = await browser.newContext({ storageState: await page.context().storageState() })
  const device = await elsewhere.newPage()
  await device.goto('/')
  await expect(device.getByRole('radio', { name: other === 'fast' ? 'Скорость' : 'Качество' })).toBeChecked()
  await elsewhere.close()
  await preset.selectOption(before)
})

test('a run that was given up says what to do, and is taken up where it failed', async ({ page }) => {
  await givenUp(page.request)
  await page.goto('/?state=failed')
  const row = page.getByTestId('recording').first()
  await row.getByRole('button', { name: /Другие действия/ }).click()
  await page.getByRole('menuitem', { name: 'История обработки' }).click()
  const given = page.locator('[data-testid=run][data-state=dead]').last()
  await expect(given.getByRole('status')).toContainText(/Запустите заново|Отправьте/)
  await expect(given.getByText('Мы сами попробуем')).toBeHidden()
  await given.getByRole('button', { name: 'С другими настройками…' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  const runs = await page.getByTestId('run').count()
  await given.getByRole('button', { name: 'Повторить' }).click()
  await expect(page.getByTestId('run')).toHaveCount(runs + 1)
})
