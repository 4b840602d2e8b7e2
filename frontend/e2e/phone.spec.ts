import { expect, test } from '@playwright/test'
import { openFinished } from './support'

test('on a phone the transcript fits, plays and shows its overview', async ({ page }) => {
  await openFinished(page)
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(overflow).toBeLessThanOrEqual(0)
  await page.locator('.said').nth(4).tap()
  await expect(page.getByTestId('play')).toHaveAccessibleName('Пауза')
  await page.getByRole('button', { name: 'Обзор' }).click()
  await expect(page.getByRole('heading', { name: 'Говорящие' })).toBeVisible()
  await expect(page.locator('.said').first()).toBeHidden()
})
