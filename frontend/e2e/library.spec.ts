import { expect, test } from '@playwright/test'

test('recordings are tagged together, filtered by the tag, and the address keeps it', async ({ page }) => {
  const name = `метка ${Date.now()}`
  await page.goto('/')
  await page.getByTestId('recording').first().getByRole('checkbox').click()
  await page.getByTestId('bulk').getByRole('button', { name: 'Метка' }).click()
  await page.getByRole('menuitem', { name: 'Новая метка…' }).click()
  await page.getByLabel('Название').fill(name)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: `${name} 1` }).click()
  await expect(page.getByTestId('recording')).toHaveCount(1)
  await page.reload()
  await expect(page.getByTestId('recording')).toHaveCount(1)
  await page.getByRole('button', { name: `Удалить «${name}»` }).click()
  await expect(page.getByRole('button', { name: `${name} 1` })).toBeHidden()
})

test('a search finds nothing, and says so', async ({ page }) => {
  await page.goto('/search')
  await page.getByTestId('search').fill('небывальщина')
  await expect(page.getByRole('status').filter({ hasText: 'Ничего не нашлось' })).toBeVisible()
  await expect(page).toHaveURL(/q=/)
})
